export function prepareProcess(command: string | undefined): void
