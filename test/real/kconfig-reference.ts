import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import type { ConfigMode } from '../../src/kconfig/evaluate.ts'
import { removeDirectory } from '../../src/processes/remove-directory.ts'

/** A symbol as conf computed it. `value` is that of the .config, unquoted; `written` says whether it is in the .config. */
export type ReferenceSymbol = {
  readonly type: string
  readonly value: string
  readonly written: boolean
  readonly visible: number
}

/** What one run of a kernel's own `conf` says. */
export type ReferenceRun = {
  /** The output of each `$(shell,...)` by its command, as `do_shell` in preprocess.c returned it. */
  readonly answers: ReadonlyMap<string, string>
  /** The environment variables that were looked up and set. */
  readonly env: ReadonlyMap<string, string>
  readonly symbols: ReadonlyMap<string, ReferenceSymbol>
  /** The text of the .config. */
  readonly config: string
  /** What conf and make printed. */
  readonly log: string
}

/** A direct run of conf on a few files of our own. */
export type DirectRun = {
  /** By path; the root is `Kconfig`. */
  readonly files: Readonly<Record<string, string>>
  readonly mode: ConfigMode
  /** The .config that is there before, or the defconfig. */
  readonly start?: string
  readonly env?: Readonly<Record<string, string>>
}

export type ReferenceKconfig = {
  /** Runs `make ARCH=arch target` (defconfig, allnoconfig, ...) in a fresh output directory, with a .config to start from or none. */
  run(target: string, start?: string): Promise<ReferenceRun>
  /** Runs the same conf on other Kconfig files; null where it refuses them. At least one `run` must have come before. */
  runOn(run: DirectRun): Promise<ReferenceRun | null>
  close(): void
}

/**
 * The configuration targets of a kernel tree, with a `conf` built from its own sources that also logs what the shell
 * answered and what every symbol became. The tree is not written to: it is linked into a temporary directory, all but
 * scripts/kconfig, which is copied, and the output goes elsewhere.
 */
export async function openReferenceKconfig(tree: string, arch: string): Promise<ReferenceKconfig> {
  const top = await mkdtemp(join(tmpdir(), 'kconfig-reference-'))
  const source = join(top, 'source')
  await linkAllBut(resolve(tree), source, 'scripts')
  await linkAllBut(resolve(tree, 'scripts'), join(source, 'scripts'), 'kconfig')
  const kconfig = join(source, 'scripts/kconfig')
  await cp(resolve(tree, 'scripts/kconfig'), kconfig, { recursive: true })
  await instrument(kconfig)
  return {
    run: (target, start) => runTarget({ top, source, arch, target, start }),
    runOn: (run) => runDirectly(top, run),
    close: () => removeDirectory(top),
  }
}

async function linkAllBut(from: string, to: string, name: string): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from)) {
    if (entry !== name && entry !== '.git') await symlink(join(from, entry), join(to, entry))
  }
}

type Run = { top: string; source: string; arch: string; target: string; start: string | undefined }

async function runTarget({ top, source, arch, target, start }: Run): Promise<ReferenceRun> {
  const output = join(top, 'output')
  const record = join(top, 'record')
  await mkdir(output, { recursive: true })
  await rm(join(output, '.config'), { force: true })
  if (start !== undefined) await writeFile(join(output, '.config'), start)
  await writeFile(record, '')
  const made = await execa('make', ['-C', source, `O=${output}`, `ARCH=${arch}`, target], {
    env: { PATH: process.env['PATH'] ?? '', HOME: top, LC_ALL: 'C', KCONFIG_REFERENCE_RECORD: record },
    extendEnv: false,
    all: true,
    timeout: 300_000,
  })
  const config = await readFile(join(output, '.config'), 'utf8')
  return { ...parseRecord(await readFile(record, 'utf8')), config, log: made.all }
}

async function runDirectly(top: string, { files, mode, start, env = {} }: DirectRun): Promise<ReferenceRun | null> {
  const directory = await mkdtemp(join(top, 'direct-'))
  const record = join(directory, 'record')
  await writeFile(record, '')
  if (start !== undefined) await writeFile(join(directory, mode === 'defconfig' ? 'defconfig' : '.config'), start)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  const made = await execa(
    join(top, 'output/scripts/kconfig/conf'),
    [mode === 'defconfig' ? '--defconfig=defconfig' : `--${mode}`, 'Kconfig'],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', ...env, KCONFIG_REFERENCE_RECORD: record },
      extendEnv: false,
      all: true,
      reject: false,
      timeout: 60_000,
    },
  )
  if (made.exitCode !== 0) return null
  const config = await readFile(join(directory, '.config'), 'utf8')
  return { ...parseRecord(await readFile(record, 'utf8')), config, log: made.all }
}

/** Fields end with NUL: `S command output`, `E name value`, `V name type value written visible`. */
function parseRecord(text: string): Pick<ReferenceRun, 'answers' | 'env' | 'symbols'> {
  const answers = new Map<string, string>()
  const env = new Map<string, string>()
  const symbols = new Map<string, ReferenceSymbol>()
  const fields = text.split('\0')
  let at = 0
  const next = (): string => fields[at++] ?? ''
  while (at < fields.length - 1) {
    const kind = next()
    const name = next()
    if (kind === 'S') answers.set(name, next())
    else if (kind === 'E') env.set(name, next())
    else if (kind === 'V') {
      const [type, value] = [next(), next()]
      symbols.set(name, { type, value, written: next() === '1', visible: Number(next()) })
    } else throw new Error(`unexpected record \`${kind}\` of conf`)
  }
  return { answers, env, symbols }
}

/** Adds the records to a copy of scripts/kconfig. */
async function instrument(kconfig: string): Promise<void> {
  const path = join(kconfig, 'preprocess.c')
  let text = await readFile(path, 'utf8')
  text = insert(text, 'static char *do_shell(', 'return xstrdup(buf);', 'reference_record("S", cmd, buf, NULL);')
  text = insert(text, 'static char *env_expand(', 'env_add(name, value);', 'reference_record("E", name, value, NULL);')
  text = text.replace('static char *expand_string_with_args', `${recorder}\nstatic char *expand_string_with_args`)
  await writeFile(path, text)

  const main = join(kconfig, 'conf.c')
  const conf = await readFile(main, 'utf8')
  const oldLoop = (await readFile(join(kconfig, 'symbol.c'), 'utf8')).includes('for_all_symbols(i, ')
  const end = conf.lastIndexOf('\treturn 0;\n}')
  if (end === -1) throw new Error('conf.c has no end of main() where it was expected')
  const declared = conf.replace('static void conf(struct menu *menu);', `${declaration}\n$&`)
  const offset = declared.length - conf.length
  const dump = symbolDump.replace('LOOP', oldLoop ? 'int i; for_all_symbols(i, sym)' : 'for_all_symbols(sym)')
  await writeFile(main, declared.slice(0, end + offset) + dump + declared.slice(end + offset))
}

/** Inserts a statement before the first occurrence of another one after an anchor. */
function insert(text: string, anchor: string, before: string, statement: string): string {
  const from = text.indexOf(anchor)
  const at = from === -1 ? -1 : text.indexOf(before, from)
  if (at === -1) throw new Error(`preprocess.c has no \`${before}\` in \`${anchor}\``)
  return `${text.slice(0, at)}${statement}\n\t${text.slice(at)}`
}

const declaration = 'void reference_record(const char *kind, ...);'

const recorder = `
${declaration}
void reference_record(const char *kind, ...)
{
	const char *path = getenv("KCONFIG_REFERENCE_RECORD"), *field;
	FILE *out = path ? fopen(path, "a") : NULL;
	va_list fields;

	if (!out)
		return;
	va_start(fields, kind);
	fprintf(out, "%s%c", kind, 0);
	while ((field = va_arg(fields, const char *)))
		fprintf(out, "%s%c", field, 0);
	va_end(fields);
	fclose(out);
}
`

const symbolDump = `	{
		struct symbol *sym;
		LOOP {
			char visible[2] = "0";
			if (!sym->name || (sym->flags & SYMBOL_CONST))
				continue;
			sym_calc_value(sym);
			visible[0] += sym->visible;
			reference_record("V", sym->name, sym_type_name(sym->type),
				sym_get_string_value(sym) ? sym_get_string_value(sym) : "",
				sym->flags & SYMBOL_WRITE ? "1" : "0", visible, NULL);
		}
	}
`
