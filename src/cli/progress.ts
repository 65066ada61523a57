/** One line on a terminal that says what is going on; nothing at all in a pipe. */
export type Progress = {
  /** Replaces the line: `judging 12/300 drivers/tty`. */
  update(text: string): void
  /** Removes the line, so that other output starts on a clean one. */
  clear(): void
}

type ProgressOptions = {
  readonly write: (text: string) => void
  readonly shown: boolean
  readonly width: number | undefined
}

/** How often the line is drawn at most, in milliseconds. */
const redrawMs = 80

/** A progress line that is drawn by `write`; silent unless `shown`. */
export function createProgress({ write, shown, width = 80 }: ProgressOptions): Progress {
  if (!shown) return { update: () => undefined, clear: () => undefined }
  let last = -Infinity
  let drawn = false
  return {
    update: (text) => {
      const now = performance.now()
      if (now - last < redrawMs) return
      last = now
      drawn = true
      write(`\r\u001b[K${text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').slice(0, Math.max(1, width - 1))}`)
    },
    clear: () => {
      if (drawn) write('\r\u001b[K')
      drawn = false
      last = -Infinity
    },
  }
}
