import { InvalidArgumentError, Option } from 'commander'

/** `--tree DIR`. */
export function treeOption(): Option {
  return new Option(
    '--tree <dir>',
    'a git checkout or bare repository of a kernel (default: the one around the current directory)',
  )
}

/** `--config FILE`. */
export function configOption(): Option {
  return new Option(
    '--config <file>',
    "our own configuration (default: .kbuild-review.yaml upwards from the tree, the user's, the system's)",
  )
}

/** `--preview`. */
export function previewOption(): Option {
  return new Option('--preview', 'also run the rules that are a matter of taste, or too often wrong to be told unasked')
}

/** `--format F`; the first is the default. */
export function formatOption(formats: readonly [string, ...string[]]): Option {
  return new Option('--format <format>', 'how the result is printed').choices(formats).default(formats[0])
}

/** `--fail-on S`. */
export function failOnOption(): Option {
  return new Option(
    '--fail-on <severity>',
    'the least severity that makes the exit status 1 (default: warning)',
  ).choices(['error', 'warning', 'never'])
}

/** A date or time as `2024-06-01` or `2024-06-01T12:00:00Z`, in milliseconds since 1970; UTC where no zone is given. */
export function parseTime(text: string): number {
  const pattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/
  const withZone = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`
  const time = pattern.test(text) ? Date.parse(withZone) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('a date is written 2024-06-01 or 2024-06-01T12:00:00Z')
  return time
}
