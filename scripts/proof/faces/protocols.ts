import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRdjsonSchema, openSarifSchema } from '../../../test/support/published-formats.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { checkWithB4, type B4Mail } from './b4-review.ts'
import { checkMails } from './check-verdicts.ts'
import { openKernelCopy, type KernelCopy } from './kernel-copy.ts'
import { openEditor, type Shown } from './language-client.ts'
import { findRealRuns, type RealRun } from './real-runs.ts'

/** Patches that are looked at, and how many without findings and with some b4 hands over of them. */
const wanted = { looked: 100, passing: 4, told: 4 }

/** Programs that speak with ours by a protocol: b4's own code, published schemas, a client of language servers. */
export async function proveProtocols({ root, reference, say }: ProofContext): Promise<Outcome> {
  say('a copy of the kernel')
  const copy = openKernelCopy(reference.tree612, root)
  try {
    const archives = [join(reference.lore, 'linux-kbuild')]
    const runs = await findRealRuns(archives, { copy, patches: wanted.looked, say })
    const mails = chooseMails(runs, copy)
    say(`b4 with ${mails.length} patches`)
    const b4 = checkWithB4(mails, { copy, root, say })
    say('rdjson and SARIF')
    const formats = holdFormats(runs, copy)
    say('the language server')
    const language = await edit(copy, root)
    const wrong = [...b4.wrong, ...formats.wrong, ...language.wrong]
    const statuses = new Set(mails.map(({ expected }) => expected.status))
    return {
      ok: wrong.length === 0 && statuses.size > 1 && formats.findings > 0,
      figure: `b4 ${b4.version} shows ${b4.patches} patches (${[...statuses].join(', ')}) as \`check\` judges them; ${formats.figure}; ${language.figure}; ${wrong.length === 0 ? 'all as it should be' : wrong.slice(0, 3).join(' | ')}`,
    }
  } finally {
    copy.close()
  }
}

/** Single patches with findings and without, as \`check\` judges each. */
function chooseMails(runs: readonly RealRun[], copy: KernelCopy): readonly B4Mail[] {
  const singles = runs.filter(({ ids }) => ids.length === 1)
  const verdicts = checkMails(
    singles.flatMap(({ paths }) => paths),
    copy,
  )
  const mails = singles.flatMap(({ name: id, paths: [path = ''] }): B4Mail[] => {
    const verdict = verdicts.get(id)
    const bytes = readFileSync(path)
    if (verdict === undefined || !isPatch(bytes)) return []
    const status = { error: 'fail', warning: 'warn', none: 'pass' } as const
    const rules = verdict.told.map((told) => told.split(' ')[1] ?? '')
    return [{ id, bytes, expected: { status: status[verdict.worst ?? 'none'], rules } }]
  })
  return [
    ...mails.filter(({ expected }) => expected.status === 'pass').slice(0, wanted.passing),
    ...mails.filter(({ expected }) => expected.status !== 'pass').slice(0, wanted.told),
  ]
}

/** To b4 a patch says so in its subject, and is no answer. */
function isPatch(mail: Buffer): boolean {
  const [header = ''] = mail.toString('latin1').split(/\r?\n\r?\n/, 1)
  return /^subject:(?!\s*re:).*\[[^\]]*\bPATCH\b/im.test(header)
}

type Held = { readonly findings: number; readonly figure: string; readonly wrong: readonly string[] }

/** What `check` and `lint` print of a kernel and of patches to it, against the schemas. */
function holdFormats(runs: readonly RealRun[], copy: KernelCopy): Held {
  const schemas = { rdjson: openRdjsonSchema(), sarif: openSarifSchema() }
  const wrong: string[] = []
  let findings = 0
  const paths = runs.flatMap((run) => run.paths)
  for (const [format, problems] of Object.entries(schemas)) {
    for (const args of [
      ['check', ...paths],
      ['lint', 'drivers', 'lib', 'arch/x86', '--preview'],
    ]) {
      const { stdout, output } = copy.review([...args, '--format', format])
      if (stdout === '') throw new Error(output)
      findings += stdout.match(/"(?:ruleId|code)":/g)?.length ?? 0
      wrong.push(...problems(stdout).map((problem) => `${args[0] ?? ''} --format ${format}: ${problem}`))
    }
  }
  return { findings, wrong, figure: `rdjson and SARIF 2.1.0 of ${findings} findings held against their schemas` }
}

/** Where a mistake is planted, and what is looked up around it. */
const makefile = 'drivers/watchdog/Makefile'
const edits = 10

/** What a person does in an editor, and how long each answer takes. */
async function edit(copy: KernelCopy, root: string): Promise<{ figure: string; wrong: readonly string[] }> {
  const editor = await openEditor(copy, root)
  const wrong: string[] = []
  const expect = (what: string, holds: boolean): void => {
    if (!holds) wrong.push(`language server: ${what}`)
  }
  const first = await editor.open(makefile)
  expect('speaks of a file that is as it should be', first.told.length === 0)
  const text = readFileSync(join(copy.directory, makefile), 'utf8')
  const line = text.split('\n').length
  const warm: Shown[] = []
  for (let round = 0; round < edits; round += 1) {
    const isBroken = round % 2 === 0
    const shown = await editor.type(makefile, isBroken ? `${text}obj-y += absent${round}.o\n` : text)
    expect(
      `says ${shown.told.join(', ')} in round ${round}`,
      isBroken ? shown.told.includes(`${line} ko-missing-source`) : shown.told.length === 0,
    )
    warm.push(shown)
  }
  const hover = await editor.hover(makefile, 'softdog.o')
  expect(`hover: ${hover}`, hover.includes('CONFIG_SOFT_WATCHDOG') && hover.includes(makefile))
  const source = await editor.definitions(makefile, 'softdog.o')
  expect(`the source of softdog.o: ${source.join()}`, source[0] === 'drivers/watchdog/softdog.c:1')
  const symbol = await editor.definitions(makefile, 'CONFIG_SOFT_WATCHDOG')
  expect(`a symbol: ${symbol.join()}`, symbol[0]?.startsWith('drivers/watchdog/Kconfig:') === true)
  const built = await editor.whatBuilds('drivers/watchdog/softdog.c')
  expect(`what builds softdog.c: ${built}`, built.includes(`listed at ${makefile}`))
  const status = await editor.close()
  expect(`ends with ${status ?? 'a signal'}`, status === 0)
  const times = warm.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    wrong,
    figure: `an editor's first file after ${(first.ms / 1000).toFixed(1)} s, then ${edits} texts, median ${Math.round(times[Math.floor(times.length / 2)] ?? NaN)} ms with the pause of 200`,
  }
}
