import { execa } from 'execa'

/** Bytes that the files below a directory take on the disk (du(1)); Infinity where that cannot be told, so that it counts as too large. */
export async function diskUsage(directory: string): Promise<number> {
  const { stdout, exitCode } = await execa('du', ['--summarize', '--block-size=1', directory], {
    reject: false,
    stdin: 'ignore',
  })
  const bytes = /^(\d+)\s/.exec(stdout)?.[1]
  return exitCode === 0 && bytes !== undefined ? Number(bytes) : Infinity
}
