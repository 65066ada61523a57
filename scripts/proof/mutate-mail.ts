/** Numbers in [0, 1) that a seed determines (mulberry32). */
export type Random = () => number

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Mutation = (mail: Buffer, random: Random, others: readonly Buffer[]) => Buffer

const below = (random: Random, limit: number): number => Math.floor(random() * limit)

/** Paths that a patch has no business with. */
const hostilePaths = [
  '../../../../tmp/escaped',
  '/etc/cron.d/escaped',
  '.git/hooks/post-checkout',
  '.GIT/config',
  'drivers/.git/config',
  'a/../../escaped',
  'drivers//../../../escaped',
  '.git\u200c/config',
  'scripts/\u0000escaped',
  '$(touch escaped)',
  '-o/escaped',
]

function insert(mail: Buffer, at: number, what: Buffer): Buffer {
  return Buffer.concat([mail.subarray(0, at), what, mail.subarray(at)])
}

function withHostilePath(mail: Buffer, random: Random): Buffer {
  const path = hostilePaths[below(random, hostilePaths.length)] ?? ''
  const text = mail.toString('latin1')
  return Buffer.from(
    text.replaceAll(/^(diff --git a\/)\S+( b\/)\S+$|^(--- a\/|\+\+\+ b\/)\S+$/gm, (...groups) =>
      rewriteHeader(groups, path),
    ),
    'latin1',
  )
}

function rewriteHeader(groups: readonly unknown[], path: string): string {
  const [, git, middle, side] = groups
  if (typeof side === 'string') return `${side}${path}`
  return `${String(git)}${path}${String(middle)}${path}`
}

const symlinkPatch = `
diff --git a/drivers/escape b/drivers/escape
new file mode 120000
index 0000000..1111111
--- /dev/null
+++ b/drivers/escape
@@ -0,0 +1 @@
+../../../../../../../tmp
\\ No newline at end of file
diff --git a/drivers/escape/escaped b/drivers/escape/escaped
new file mode 100644
index 0000000..2222222
--- /dev/null
+++ b/drivers/escape/escaped
@@ -0,0 +1 @@
+written through a link
`

/** What is done to mails: each is meant to break another assumption. */
export const mutations: Readonly<Record<string, Mutation>> = {
  cut: (mail, random) => mail.subarray(0, below(random, mail.length)),
  'drop a piece': (mail, random) => {
    const at = below(random, mail.length)
    return Buffer.concat([mail.subarray(0, at), mail.subarray(at + below(random, 400))])
  },
  splice: (mail, random, others) => {
    const other = others[below(random, others.length)] ?? mail
    return Buffer.concat([mail.subarray(0, below(random, mail.length)), other.subarray(below(random, other.length))])
  },
  'flip bits': (mail, random) => {
    const copy = Buffer.from(mail)
    for (let count = 1 + below(random, 40); count > 0; count -= 1) {
      const at = below(random, copy.length)
      copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8))
    }
    return copy
  },
  'repeat a piece': (mail, random) => {
    const at = below(random, mail.length)
    const piece = mail.subarray(at, at + below(random, 2000))
    return insert(mail, at, Buffer.concat(Array.from({ length: below(random, 30) }, () => piece)))
  },
  'swap lines': (mail, random) => {
    const lines = mail.toString('latin1').split('\n')
    for (let count = 1 + below(random, 10); count > 0; count -= 1) {
      const a = below(random, lines.length)
      const b = below(random, lines.length)
      ;[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? '']
    }
    return Buffer.from(lines.join('\n'), 'latin1')
  },
  'change a number': (mail, random) =>
    Buffer.from(
      mail
        .toString('latin1')
        .replaceAll(/\d+/g, (digits) => (random() < 0.05 ? String(below(random, 2 ** 31)) : digits)),
      'latin1',
    ),
  'a NUL': (mail, random) => insert(mail, below(random, mail.length), Buffer.alloc(1 + below(random, 3))),
  'terminal controls': (mail, random) =>
    insert(mail, below(random, mail.length), Buffer.from('\u001b]0;x\u0007\u001b[2J\u009b31m')),
  'CRLF line ends': (mail) => Buffer.from(mail.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  'a hostile path': withHostilePath,
  'a symlink and a file below it': (mail) => Buffer.concat([mail, Buffer.from(symlinkPatch)]),
  'open parentheses': (mail, random) =>
    insert(mail, below(random, mail.length), Buffer.from('\n+X := ' + '$('.repeat(below(random, 50_000)) + '\n')),
}

/** Mutations that cost too much to be drawn as often as the others. */
export const heavyMutations: Readonly<Record<string, Mutation>> = {
  'a line of 10 MB': (mail, random) => insert(mail, below(random, mail.length), Buffer.alloc(10_000_000, 'a')),
  'a line just below the limit': (mail, random) =>
    insert(mail, below(random, mail.length), Buffer.alloc(3_500_000, '+ $(')),
  'many headers': (mail) => Buffer.concat([Buffer.from('X-Long: y\n'.repeat(200_000)), mail]),
  'many parts': (mail) =>
    Buffer.concat([
      Buffer.from(
        'Content-Type: multipart/mixed; boundary=b\nSubject: [PATCH] x\nFrom: a@b\n\n' +
          '--b\nContent-Type: text/plain\n\nx\n'.repeat(20_000),
      ),
      mail,
    ]),
  'many hunks': (mail) => Buffer.concat([mail, Buffer.from('@@ -1 +1 @@\n-a\n+b\n'.repeat(60_000))]),
  'many files': (mail) =>
    Buffer.concat([
      mail,
      Buffer.from(
        Array.from({ length: 20_000 }, (_, index) => `--- a/f${index}\n+++ b/f${index}\n@@ -1 +1 @@\n-a\n+b\n`).join(
          '',
        ),
      ),
    ]),
}
