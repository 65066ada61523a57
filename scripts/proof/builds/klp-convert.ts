import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import type { KernelCommits } from './kernel-commits.ts'
import { keptCache, withKernel } from './kept.ts'
import { compareConverted } from './klp-relocations.ts'
import { readBuilds, runBuild, type Run } from './run-build.ts'

/** `[PATCH v3 0/6] livepatch: klp-convert tool - Minimal version`: the patches are mails 2 to 7 of it. */
const thread = '20240827123052.9002'
const domain = 'suse.cz'
const module = 'samples/livepatch/livepatch-extern-symbol.ko'
const symbol = 'saved_command_line'
const arches = ['x86_64', 's390', 'ppc64le']
/** The one file of which a hunk does not apply to 6.12; a patch beside the archives does the same there. */
const refused = 'scripts/mod/modpost.c'

/**
 * The six klp-convert patches of the archive, built for three architectures: the report shows the section with the relocations that klp-convert made, and these are
 * what the module asked for before it.
 */
export function proveKlpConvert(context: ProofContext): Promise<Outcome> {
  return withKernel(context, async (kernel) => {
    const { root, say } = context
    const tip = applyAll(kernel, context)
    say('klp-convert for three architectures; each needs a vmlinux: some 1,000 CPU seconds where none is kept')
    const out = join(dirname(kernel.path), 'out')
    const args = ['build', 'build', '--tree', kernel.path, '--base', tip, '--arch', ...arches, '--out', out]
    const ran = await runBuild([...args, '--format', 'json'], { root, cache: keptCache(root) })
    const runs = readBuilds(ran).builds[0]?.before ?? []
    const told = arches.map((arch) => tellArch(arch, runs, out))
    const { cpuSeconds, ms } = ran
    const figure = `${told.map(({ text }) => text).join('; ')}; ${(ms / 1000).toFixed(0)} s, ${cpuSeconds.toFixed(0)} CPU s`
    return { ok: told.every(({ ok }) => ok), figure: `${module}: ${figure}` }
  })
}

function tellArch(arch: string, runs: readonly Run[], out: string): { readonly ok: boolean; readonly text: string } {
  const run = runs.find((each) => each.arch === arch)
  const failed = run?.goals.filter(({ status }) => status !== 'ok').map(({ goal, status }) => `${goal} ${status}`) ?? [
    'not built',
  ]
  if (failed.length > 0) return { ok: false, text: `${arch}: ${failed.join(', ')}` }
  const path = join(out, 'base', arch, 'output', module)
  // klp-convert reads NAME.tmp.ko and writes NAME.ko.
  const converted = compareConverted(readFileSync(path.replace(/ko$/, 'tmp.ko')), readFileSync(path), symbol)
  if (converted.kind === 'wrong') return { ok: false, text: `${arch}: ${converted.why}` }
  const { section } = converted
  const line = run?.evidence.find((each) => each.startsWith(`${module}:`) && each.includes(`, ${section},`))
  // What the compiler makes of ppc64 is in compareConverted(); the code of the other two holds the relocation itself.
  const isExpected = arch === 'ppc64le' || section === '.klp.rela.vmlinux.text'
  if (line === undefined || !isExpected)
    return {
      ok: false,
      text: `${arch}: ${section} is ${line === undefined ? 'not shown by the report' : 'not that of code'}`,
    }
  return { ok: true, text: `${arch}: ${line.slice(module.length + 2)}` }
}

/** The commit with all six patches, as patch(1) puts them on 6.12. */
function applyAll(kernel: KernelCommits, { reference }: ProofContext): string {
  const mails = readMails(join(reference.lore, 'live-patching', 'git', '0.git'))
  const extra = readFileSync(join(reference.shared, 'klp-convert', '0001-modpost-skip-klp-relocations.patch'))
  return mails.reduce(
    (parent, mail, index) => applyOne(kernel, parent, { mail, extra, title: `klp-convert ${index + 1}/6` }),
    'HEAD',
  )
}

/** The mails of the six patches, in order. */
function readMails(archive: string): readonly Buffer[] {
  const git = (...args: string[]): Buffer => execFileSync('git', ['-C', archive, ...args], { maxBuffer: 1 << 28 })
  const commits = git('log', '--format=%H', '--since=2024-08-20', '--until=2024-09-05', 'HEAD')
    .toString()
    .trim()
    .split('\n')
  const found = new Map<string, Buffer>()
  for (const commit of commits) {
    const { status, stdout } = spawnSync('git', ['-C', archive, 'show', `${commit}:m`], { maxBuffer: 1 << 26 })
    const id = new RegExp(`^message-id:\\s*<${thread}-(\\d)-\\w+@${domain}>`, 'im').exec(stdout.toString('latin1'))?.[1]
    if (status === 0 && id !== undefined) found.set(id, stdout)
  }
  return ['2', '3', '4', '5', '6', '7'].map((number) => {
    const mail = found.get(number)
    if (mail === undefined) throw new Error(`the archive has no mail ${thread}-${number}`)
    return mail
  })
}

type Patch = { readonly mail: Buffer; readonly extra: Buffer; readonly title: string }

/** One patch on the files that it touches; nothing but the hunk that is known may be refused. */
function applyOne(kernel: KernelCommits, parent: string, { mail, extra, title }: Patch): string {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-klp-'))
  try {
    const paths = [...mail.toString('latin1').matchAll(/^\+\+\+ b\/(\S+)$/gm)].map(([, path = '']) => path)
    for (const path of paths) layOut(kernel, parent, join(directory, path), path)
    const patch = (input: Buffer): number | null => {
      const args = ['-p1', '-F3', '-s', '-f', '--no-backup-if-mismatch']
      return spawnSync('patch', args, { cwd: directory, input, stdio: ['pipe', 'ignore', 'ignore'] }).status
    }
    const status = patch(mail)
    const isKnown = existsSync(join(directory, `${refused}.rej`))
    if (status !== 0 && !isKnown) throw new Error(`${title} does not apply`)
    if (isKnown && patch(extra) !== 0)
      throw new Error(`the patch in place of the refused hunk of ${refused} does not apply`)
    const files = paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')] as const)
    return kernel.commit(parent, title, Object.fromEntries(files))
  } finally {
    removeDirectory(directory)
  }
}

/** Puts a file of a commit where it is wanted; a file that the patch makes is not there. */
function layOut(kernel: KernelCommits, commit: string, target: string, path: string): void {
  mkdirSync(dirname(target), { recursive: true })
  const { status, stdout } = spawnSync('git', ['-C', kernel.path, 'show', `${commit}:${path}`], { maxBuffer: 1 << 26 })
  if (status === 0) writeFileSync(target, stdout)
}
