int irq;
