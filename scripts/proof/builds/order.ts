import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import type { KernelCommits } from './kernel-commits.ts'
import { keptCache, withKernel } from './kept.ts'
import { readBuilds, runBuild, type Told } from './run-build.ts'

const sample = 'samples/livepatch/livepatch-sample.c'
const shadow = 'samples/livepatch/livepatch-shadow-mod.c'
const broken = '#ifdef CONFIG_S390\n#error "no s390"\n#endif\n'
const warnings = 20

/** A series whose second patch breaks s390 until the third; a clean patch after 20 warnings; a patch that mends one warning and brings another. */
export function proveOrder(context: ProofContext): Promise<Outcome> {
  return withKernel(context, async (kernel) => {
    const results = [await proveBisect(kernel, context), await proveWarnings(kernel, context)]
    return { ok: results.every(({ ok }) => ok), figure: results.map(({ figure }) => figure).join('; ') }
  })
}

async function proveBisect(kernel: KernelCommits, context: ProofContext): Promise<Outcome> {
  context.say('a series of three that is broken in the middle')
  const first = kernel.change('HEAD', sample, (text) =>
    text.replace('this has been live patched', 'this was live patched'),
  )
  const second = kernel.change(first, shadow, (text) => text + broken)
  const third = kernel.change(second, shadow, (text) => text.replace(broken, ''))
  const { findings, status } = await build(`HEAD..${third}`, ['x86_64', 's390'], { kernel, context })
  const [only] = findings
  const ok =
    findings.length === 1 && only?.rule === 'pr-series-bisect' && only.patch === 2 && only.severity === 'warning'
  return {
    ok,
    figure: `broken in the middle: ${findings.map(show).join(' | ') || `nothing is told (status ${status ?? 'none'})`}`,
  }
}

async function proveWarnings(kernel: KernelCommits, context: ProofContext): Promise<Outcome> {
  context.say(`patches after a base with ${warnings} warnings`)
  const unused = (name: string): string => `static int ${name}(int step)\n{\n\treturn step;\n}\n`
  const functions = Array.from({ length: warnings }, (_, index) => unused(`idle_${index + 1}`)).join('')
  const base = kernel.change('HEAD', sample, (text) => text + functions)
  const clean = kernel.change(base, sample, (text) =>
    text.replace('this has been live patched', 'this was live patched'),
  )
  const traded = kernel.change(clean, sample, (text) => text.replace(unused('idle_7'), '') + unused('busy'))
  const { findings, log } = await build(`${base}..${traded}`, ['x86_64'], { kernel, context })
  const before = [...log.matchAll(/warning: .idle_\d+. defined but not used/g)].length
  const ofTraded = findings.filter(({ patch }) => patch === 2)
  const ok = before >= warnings && findings.length === 1 && ofTraded[0]?.message.includes('busy') === true
  const told = `${findings.length - ofTraded.length} findings on a clean patch, ${ofTraded.length} where one warning went and one came`
  return { ok, figure: `${before} warnings before: ${told}${ofTraded[0] ? `: ${show(ofTraded[0])}` : ''}` }
}

type Place = { readonly kernel: KernelCommits; readonly context: ProofContext }
type Built = { readonly findings: readonly Told[]; readonly status: number | null; readonly log: string }

async function build(range: string, arches: readonly string[], { kernel, context }: Place): Promise<Built> {
  const { root } = context
  // The document has only the ends of logs.
  const out = mkdtempSync(join(tmpdir(), 'kbuild-review-logs-'))
  try {
    const args = ['build', 'build', '--tree', kernel.path, '--arch', ...arches, '--range', range, '--format', 'json']
    const ran = await runBuild([...args, '--out', out], { root, cache: keptCache(root) })
    return { findings: readBuilds(ran).builds[0]?.findings ?? [], status: ran.status, log: baseLogs(out) }
  } finally {
    removeDirectory(out)
  }
}

/** All that the base's builds printed. */
function baseLogs(out: string): string {
  const base = join(out, 'base')
  const names = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[^/]+\/[^/]+\.log$/.test(name),
  )
  return names.map((name) => readFileSync(join(base, name), 'utf8')).join('\n')
}

const show = ({ path, line, message, rule, patch }: Told): string =>
  `patch ${patch ?? '?'}: ${path}:${line}: ${message} [${rule}]`
