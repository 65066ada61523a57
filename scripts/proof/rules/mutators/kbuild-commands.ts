import { inTurn, type Kernel, type Mutator } from '../plant.ts'
import { directoryOf, isUnconditional, makefilesOf, ownMakefiles } from '../places.ts'
import { plantInLines, recipeBelow, withLine, type Place } from '../plant-lines.ts'

const calls = /\$\(call (if_changed|if_changed_dep|if_changed_rule|filechk),/

const ifChangedNoForce: Mutator = {
  rule: 'kc-if-changed-no-force',
  plants: (kernel) =>
    plantInLines(kernel, {
      paths: makefilesOf(kernel, 'kbuild'),
      pattern: /^(\$\(obj\)\/[^:=]*:.*\S) FORCE$/,
      fits: (place) => recipeBelow(place).some((line) => calls.test(line)) && !/\$\((?!obj|src)/.test(place.match[0]),
      edit: (place) => withLine(place, place.match[1] ?? ''),
    }),
}

/** A generated header as somebody adds it, without its line in `targets`. */
const plantedHeader = (object: string): string =>
  [
    '',
    'quiet_cmd_planted = GEN     $@',
    `      cmd_planted = sed -n 's/^\\(.*\\)$$/\\1/p' $< > $@`,
    '',
    '$(obj)/planted-table.h: $(src)/Makefile FORCE',
    '\t$(call if_changed,planted)',
    '',
    `$(obj)/${object}: $(obj)/planted-table.h`,
    '',
  ].join('\n')

const notInTargets: Mutator = {
  rule: 'kc-if-changed-not-in-targets',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^targets\s*(?:\+=|:=)\s*([\w.-]+)$/,
        fits: isNeeded,
        edit: (place) => withLine(place, null),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+\.o)$/,
        fits: ({ path, match }) =>
          kernel.tree.blob(`${directoryOf(path)}/${(match[1] ?? '').replace(/o$/, 'c')}`) !== null,
        edit: ({ text, match }) => `${text}${plantedHeader(match[1] ?? '')}`,
      }),
    ),
}

/** Whether a rule of the file makes it by `if_changed`, and another needs it. */
function isNeeded({ text, match }: Place): boolean {
  const name = (match[1] ?? '').replaceAll('.', '\\.')
  const isMade = new RegExp(`^\\$\\(obj\\)/${name}:.*FORCE\\n\\t.*if_changed`, 'm').test(text)
  const isUsed = new RegExp(`^\\$\\(obj\\)/[^:\\n]*\\.o:.*\\$\\(obj\\)/${name}(?:\\s|$)`, 'm').test(text)
  return isMade && isUsed
}

const stemMismatch: Mutator = {
  rule: 'kc-stem-mismatch',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^\t((?:.*[^$])?\$\(call (?:if_changed|filechk|cmd|if_changed_dep)),([a-z]\w{3,})(\).*)$/,
        edit: (place) =>
          withLine(place, `\t${place.match[1] ?? ''},${slip(place.match[2] ?? '')}${place.match[3] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        among: 'all',
        pattern: /^\t((?:.*[^$])?\$\(call (?:if_changed|cmd|if_changed_dep)),([a-z]\w*\).*)$/,
        edit: (place) => withLine(place, `\t${place.match[1] ?? ''}, ${place.match[2] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^\t\$\(call if_changed,([a-z]\w*)\)$/,
        edit: (place) => withLine(place, `${place.match[0]}\n\t$(call if_changed,objcopy)`),
      }),
    ),
}

/** A name with two of its letters in the wrong order. */
function slip(name: string): string {
  const middle = Math.floor(name.length / 2)
  const [one = '', two = ''] = [name[middle - 1], name[middle]]
  return one === two ? `${name}s` : `${name.slice(0, middle - 1)}${two}${one}${name.slice(middle + 1)}`
}

const shellInRecipe: Mutator = {
  rule: 'kc-shell-in-recipe',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /^(\s*cmd_\w+\s*:?=\s*)([^#]*[^#\s] > \$@)$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(shell ${place.match[2] ?? ''})`),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^\$\(obj\)\/[^:=]*:(?!=).*FORCE$/,
        fits: (place) => recipeBelow(place).length === 1,
        edit: ({ lines, index }) =>
          [
            ...lines.slice(0, index),
            'define planted-list',
            '\t$(shell rm -f $(obj)/planted.list)',
            '\t$(foreach m,$^,$(shell $(NM) $(m) >> $(obj)/planted.list))',
            'endef',
            ...lines.slice(index, index + 1),
            '\t$(call planted-list)',
            ...lines.slice(index + 1),
          ].join('\n'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^(\t\$\(call (?:if_changed|cmd),\w+\))$/,
        edit: (place) => withLine(place, `${place.match[0]}\n\t@echo size of it: $(shell stat -c %s $@)`),
      }),
    ),
}

const missingPrerequisite: Mutator = {
  rule: 'kc-missing-prerequisite',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(\$\(obj\)\/[^:=]*:.*?) (\$\(obj\)\/([\w-]+))( .*|)$/,
        fits: isProgramOfRecipe,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[4] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(\$\(obj\)\/([\w-]+)\.o):\s*\$\(obj\)\/([\w-]+\.h)$/,
        fits: ({ path, match }) => includesHeader(kernel, path, { object: match[2] ?? '', header: match[3] ?? '' }),
        edit: (place) => withLine(place, null),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(\$\(obj\)\/[^:=]*:.*?) (\$\((?:src|srctree)\)\/[\w/.-]+\.(?:sh|pl|py|awk))( .*|)$/,
        fits: isScriptOfRecipe,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[3] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+)\.o$/,
        fits: ({ path, match }) => kernel.tree.blob(`${directoryOf(path)}/${match[1] ?? ''}.c`) !== null,
        edit: ({ text, match }) => `${text}\n$(obj)/${match[1] ?? ''}.o: $(src)/${match[1] ?? ''}.c\n`,
      }),
    ),
}

/** Whether the recipe's command of the file runs a program of the file by its own name. */
function isProgramOfRecipe(place: Place): boolean {
  const [, , word = '', name = ''] = place.match
  const isProgram = new RegExp(`^(?:hostprogs|hostprogs-y|hostprogs-always-y)\\s*[:+]?=.*\\b${name}(?:\\s|$)`, 'm')
  return isProgram.test(place.text) && commandOf(place).includes(word)
}

function isScriptOfRecipe(place: Place): boolean {
  return isUnconditional(place) && commandOf(place).includes(place.match[2] ?? '')
}

/** The text of the command that the recipe calls, of the same file; what its recipe says itself. */
function commandOf(place: Place): string {
  const recipe = recipeBelow(place).join('\n')
  const names = [...recipe.matchAll(/\$\(call (?:if_changed|cmd|if_changed_dep),(\w+)\)/g)].map(([, name = '']) => name)
  const bodies = names.map((name) => new RegExp(`^\\s*cmd_${name}\\s*=((?:.*\\\\\\n)*.*)$`, 'm').exec(place.text)?.[1])
  return [recipe.includes('$(call') ? '' : recipe, ...bodies.map((body) => body ?? '')].join('\n')
}

function includesHeader({ tree }: Kernel, makefile: string, of: { object: string; header: string }): boolean {
  const source = tree.read(`${directoryOf(makefile)}/${of.object}.c`) ?? ''
  const lines = source.split('\n')
  const at = lines.indexOf(`#include "${of.header}"`)
  return at !== -1 && !lines.slice(0, at).some((line) => /^\s*#\s*if/.test(line))
}

const useKbuildHelper: Mutator = {
  rule: 'kc-use-kbuild-helper',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /\$\(real-prereqs\)/,
        edit: (place) =>
          withLine(place, (place.lines[place.index] ?? '').replace('$(real-prereqs)', '$(filter-out FORCE,$^)')),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'top'),
        pattern: /\$\(call (gcc|clang)-min-version, *(\d+)\)/,
        edit: (place) =>
          withLine(
            place,
            (place.lines[place.index] ?? '').replace(
              place.match[0],
              `$(shell test $(CONFIG_${place.match[1] === 'gcc' ? 'GCC' : 'CLANG'}_VERSION) -ge ${place.match[2] ?? ''} && echo y)`,
            ),
          ),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        among: 'all',
        pattern: /^\t\$\(call if_changed,(?:copy|shipped)\)$/,
        edit: (place) =>
          `${withLine(place, '\t$(call if_changed,planted)')}\nquiet_cmd_planted = CP      $@\n      cmd_planted = cp $< $@\n`,
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        among: 'all',
        pattern: /^\t\$\(call if_changed,objcopy\)$/,
        edit: (place) =>
          `${withLine(place, '\t$(call if_changed,planted)')}\nquiet_cmd_planted = OBJCOPY $@\n      cmd_planted = $(OBJCOPY) $(OBJCOPYFLAGS) $(OBJCOPYFLAGS_$(@F)) $< $@\n`,
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(ccflags-y\s*\+=\s*)(.*)$/,
        edit: (place) => withLine(place, `${place.match[0]}\nplanted-text := $(shell cat $(src)/Makefile)`),
      }),
    ),
}

const quietCmd: Mutator = {
  rule: 'kc-quiet-cmd',
  plants: (kernel) => {
    const scripts = makefilesOf(kernel, 'core')
      .map((path) => kernel.tree.read(path) ?? '')
      .join('\n')
    return inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^quiet_cmd_(\w+)\s*=\s*\w+ +.*\$@/,
        fits: ({ text, match }) =>
          !scripts.includes(`quiet_cmd_${match[1] ?? ''} `) &&
          new RegExp(`^\\s*cmd_${match[1] ?? ''}\\s*=.*\\$@`, 'm').test(text) &&
          new RegExp(`\\$\\(call (?:if_changed|cmd),${match[1] ?? ''}\\)`).test(text),
        edit: (place) => withLine(place, null),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(quiet_cmd_(\w+)\s*=\s*[A-Z]{2,6}) {2,}(\$@.*)$/,
        fits: ({ text, match }) => new RegExp(`\\$\\(call (?:if_changed|cmd),${match[2] ?? ''}\\)`).test(text),
        edit: (place) => withLine(place, `${place.match[1] ?? ''} ${place.match[3] ?? ''}`),
      }),
    )
  },
}

const failureMasked: Mutator = {
  rule: 'kc-failure-masked',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(\s*cmd_\w+\s*=\s*)((?!echo|printf|:)[^#;|&{(]*(?:\$\(\w+\)[^#;|&{(]*)* > \$@)$/,
        edit: (place) => withLine(place, `${place.match[0]} || true`),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(\s*cmd_\w+\s*=\s*)(\$\(obj\)\/[\w-]+ [^#;|&{]* )> \$@$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[2] ?? ''}| sort > $@`),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(\s*cmd_\w+\s*=\s*)(\$\((?:OBJCOPY|LD|HOSTCC|CC)\)[^#;|&{]* (?:-o )?\$@)$/,
        edit: (place) => withLine(place, `${place.match[0]} || :`),
      }),
    ),
}

const staleOrAlwaysRebuilt: Mutator = {
  rule: 'kc-stale-or-always-rebuilt',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(\s*cmd_\w+\s*=\s*)(.*) > \$@$/,
        fits: ({ text }) => !/KBUILD_BUILD_/.test(text),
        edit: (place) =>
          withLine(place, `${place.match[1] ?? ''}{ echo "/* $$(date) */"; ${place.match[2] ?? ''}; } > $@`),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^(\$\(obj\)\/[\w.-]+:.*)FORCE$/,
        fits: (place) => recipeBelow(place).length === 1 && calls.test(recipeBelow(place)[0] ?? ''),
        edit: ({ lines, index }) =>
          [...lines.slice(0, index + 1), '\techo "#define PLANTED 1" > $@', ...lines.slice(index + 2)].join('\n'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^\s*filechk_\w+\s*=\s*(?!.*>)[^#]*[^#\\]$/,
        edit: (place) => withLine(place, `${place.match[0]} > $@`),
      }),
    ),
}

const argListTooLong: Mutator = {
  rule: 'kc-arg-list-too-long',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: ['scripts/Makefile.modinst', 'scripts/Makefile.modfinal'],
        pattern: /^modules := \$\(call read-file, \$\(MODORDER\)\)$/,
        edit: ({ text }) => `${text}\nplanted.tar: FORCE\n\ttar cf $@ $(modules)\n`,
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^\$\(obj\)\/[\w.-]+:.*FORCE$/,
        edit: ({ text }) =>
          `${text}\nplanted-all := $(call read-file, modules.order)\n\n$(obj)/planted.list: FORCE\n\t$(NM) $(planted-all) > $@\n`,
      }),
    ),
}

/** Defects of the rules about rules, recipes and commands. */
export const commandMutators: readonly Mutator[] = [
  ifChangedNoForce,
  notInTargets,
  stemMismatch,
  shellInRecipe,
  missingPrerequisite,
  useKbuildHelper,
  quietCmd,
  failureMasked,
  staleOrAlwaysRebuilt,
  argListTooLong,
]
