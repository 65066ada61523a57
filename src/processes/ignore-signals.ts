// Loaded first in a process of our own (own-module.ts): Ctrl-C goes to all processes of a terminal, and the stop of a service to all of its control
// group. The one who started this process hears it too, and ends this one when its own work is in order.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
