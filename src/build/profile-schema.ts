import { z } from 'zod'
import { semanticChecks } from './build-semantics.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'a name has small letters, digits, `-` and `_`')

/** A path that cannot lead out of the directory that it is relative to. */
const relativePath = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.+,/-]*$/, 'a path is relative, and has no blanks')
  .refine((path) => !path.split('/').includes('..'), 'a path does not go upwards')

const symbol = z.string().regex(/^[A-Za-z0-9_]{1,100}$/, 'a symbol is named without CONFIG_')
const target = z.string().regex(/^[A-Za-z0-9_.%+][\w.%+/-]*$/, 'a target of make begins with no `-` and has no `=`')
const configTarget = z.string().regex(/^[a-z0-9_]*(?:config|\.config)$/, 'a target that configures ends in `config`')
const variables = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, 'a variable of make'),
  z.string().regex(/^[^\n\0]*$/, 'the value of a variable is one line'),
)

const units: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** A size as `512M`, in bytes. */
const size = z
  .string()
  .regex(/^[1-9]\d{0,6}[KMG]$/, 'a size is written as 512M or 4G')
  .transform((text) => Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 1))

const condition = z
  .union([
    z.strictObject({ config: symbol.describe('the configuration that the tree makes has this symbol as y or m') }),
    z.strictObject({ 'any-file': z.array(relativePath).min(1).describe('the tree has one of these files') }),
    z.strictObject({ 'no-file': z.array(relativePath).min(1).describe('the tree has none of these files') }),
  ])
  .describe('what the tree must have for a goal to apply to it')

const limits = z.strictObject({
  seconds: z.int().min(1).max(86_400).default(900).describe('wall time of one goal'),
  memory: size.default(3 * 2 ** 30).describe('memory of all processes together; what they write is not counted'),
  processes: z.int().min(16).max(32_768).default(512).describe('processes and threads at one time'),
  disk: size.default(2 ** 30).describe('what all goals of an architecture write, together; it is held in memory'),
  log: size.default(16 * 2 ** 20).describe('what one goal prints; it is ended beyond four times that'),
})

const configuration = z.strictObject({
  target: configTarget.default('allnoconfig').describe('allnoconfig, defconfig, allmodconfig, or any such of the tree'),
  fragments: z.array(name).default([]).describe('names of fragments that are set beside it'),
})

const qemu = z.strictObject({
  program: z.string().regex(/^qemu-system-[a-z0-9_]+$/),
  package: z.string().min(1).describe('the Debian package that has it'),
  arguments: z.array(z.string()).default([]),
  kernel: relativePath.describe('what is booted, below the output directory'),
  console: z.string().regex(/^[a-zA-Z0-9]+$/),
  parameters: z
    .array(z.string().regex(/^[\w.,:=-]+$/, 'one word of the kernel command line'))
    .default([])
    .describe('what else the kernel is told (Documentation/admin-guide/kernel-parameters.txt)'),
})

const arch = z.strictObject({
  name: name.describe('what it is called here'),
  arch: name.describe('ARCH= of make'),
  directory: relativePath.describe('where the tree has it; an architecture without it does not apply'),
  prefix: z
    .string()
    .regex(/^[a-z0-9_-]+-$/)
    .describe('CROSS_COMPILE= of the Debian cross compiler'),
  package: z.string().min(1).describe('the Debian package that has the compiler'),
  fragments: z.array(name).default([]).describe('fragments that only this architecture gets'),
  variables: variables.default({}),
  qemu: qemu.optional(),
})

const boot = z
  .strictObject({
    livepatch: relativePath.optional().describe('a livepatch below output: it is loaded, disabled and removed'),
    shows: z
      .string()
      .regex(/^\/[\w./-]+$/, 'a file of the booted system: an absolute path')
      .default('/proc/cmdline')
      .describe('a file that says something else while the livepatch is loaded'),
    kselftest: relativePath.optional().describe('tests that kselftest-install put below output'),
    programs: z
      .array(z.string().regex(/^[\w.+[-]+$/, 'the name of a program'))
      .default([])
      .describe('programs of this machine that the tests call; they come with their libraries'),
    seconds: z.int().min(1).max(86_400).default(300).describe('wall time of it all'),
    memory: size.prefault('512M').describe('what the booted system has'),
  })
  .describe('boot it in the emulator of the architecture, and try this')

const each = z
  .strictObject({
    below: relativePath.describe('a directory of the tree'),
    defining: target.describe('a target that the makefile has a rule for'),
  })
  .describe(
    'start make in each directory below one whose makefile defines a target; without O=, and with errors told but not counted',
  )

/** The goal that configures stands before those of a profile. */
export const configureGoal = 'configure'

const goalFields = z.strictObject({
  id: name.refine((id) => id !== configureGoal, 'every profile has a goal `configure`; name yours otherwise'),
  summary: z.string().optional(),
  tier: z.enum(['fast', 'full']).default('fast').describe('full goals are run only where the full tier is asked for'),
  targets: z.array(target).default([]).describe('what make makes; a goal has these, or boots, or has klp-build'),
  boot: boot.optional(),
  'klp-build': z
    .string()
    .regex(/^--- a\//, 'a diff begins with `--- a/`')
    .optional()
    .describe('a patch, as a diff: scripts/livepatch/klp-build makes a livepatch of it, which builds the kernel twice'),
  directory: relativePath.optional().describe('where make is started, below the source tree (make -C)'),
  each: each.optional(),
  module: relativePath.optional().describe('M=: build this directory as external modules'),
  flags: z.array(z.string().regex(/^-{1,2}[A-Za-z][\w.=-]*$/, 'a flag of make')).default([]),
  variables: variables.default({}),
  arches: z.array(name).optional().describe('architectures that have this goal; all where left out'),
  needs: z.array(name).default([]).describe('goals before this one that must have succeeded'),
  when: z.array(condition).default([]).describe('what must hold for this goal to apply, all of it'),
  instead: name
    .optional()
    .describe('a goal before this one: this one is run where that one does not apply to the tree'),
  'if-changed': z
    .array(relativePath)
    .optional()
    .describe('after a patch, run this goal only where it changes something below one of these'),
  remake: z
    .array(relativePath)
    .default([])
    .describe('directories of output that are made anew where a makefile or script was changed'),
})

const goal = goalFields.refine(
  (fields) => [fields.targets.length > 0, fields.boot, fields['klp-build']].filter(Boolean).length === 1,
  { message: 'a goal has one of `targets` of make, `boot` and `klp-build`' },
)

/** A profile as it is written. The JSON Schema beside the profiles is made of this. */
export const profileSchema = z.strictObject({
  $schema: z.string().optional(),
  name,
  summary: z.string().min(1),
  limits: limits.prefault({}),
  variables: variables.default({}).describe('variables of make that every goal gets: W, C, LLVM'),
  configure: configuration.prefault({}),
  fragments: z.record(name, z.string()).default({}).describe('Kconfig fragments: lines as CONFIG_MODULES=y'),
  arches: z.array(arch).min(1),
  goals: z.array(goal).min(1),
  checks: z
    .array(z.enum(semanticChecks))
    .default([])
    .describe('what builds must do besides succeeding, looked at where a patch changes makefiles or scripts'),
})

/** What is built, for which architectures and within which limits; every default filled in, sizes in bytes. */
export type Profile = z.infer<typeof profileSchema>
export type ProfileArch = Profile['arches'][number]
export type ProfileGoal = Profile['goals'][number]
export type BootPlan = NonNullable<ProfileGoal['boot']>
export type Emulator = NonNullable<ProfileArch['qemu']>
export type Condition = ProfileGoal['when'][number]
export type BuildLimits = Profile['limits']
export type Tier = ProfileGoal['tier']
