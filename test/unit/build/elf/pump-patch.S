/* A module as klp-convert leaves it (Documentation/livepatch/module-elf-format.rst), for any architecture: assembled by
   as --64, as --32, powerpc-linux-gnu-as and s390x-linux-gnu-as; debug sections and local symbols are stripped. */
	.section .text
	.globl pump_stop
	.type pump_stop, %function
pump_stop:
	.long 1, 2, 3
	.size pump_stop, .-pump_stop
	.data
	.globl pump_rate
pump_rate:
	.long 9
	.bss
	.globl pump_buffer
pump_buffer:
	.space 64
	.section .klp.rela.vmlinux.text, "a", %progbits
	.long 0
	.section .klp.rela.valve.text, "a", %progbits
	.long 0
	.section .modinfo, "a", %progbits
	.asciz "license=GPL"
	.asciz "livepatch=Y"
	.asciz "depends=valve"
	.asciz "alias=pump"
	.asciz "alias=motor"
	.section .klp.use, "aw", %progbits
	.long ".klp.sym.vmlinux.printk,0"
	.long ".klp.sym.valve.valve_level,1"
