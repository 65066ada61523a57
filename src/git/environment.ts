/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Settings that would change what git prints or does, given above every configuration file: no hooks, no monitors, no
 * house-keeping, names as they are, no conversion of line ends, no memory of earlier conflicts (git-config(1)).
 */
const settings: Readonly<Record<string, string>> = {
  'advice.detachedHead': 'false',
  'apply.ignoreWhitespace': 'no',
  'apply.whitespace': 'nowarn',
  'color.ui': 'false',
  'commit.gpgSign': 'false',
  'core.attributesFile': '/dev/null',
  'core.autocrlf': 'false',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.pager': 'cat',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.quotePath': 'false',
  'fetch.recurseSubmodules': 'false',
  'fetch.writeCommitGraph': 'false',
  'gc.auto': '0',
  'i18n.logOutputEncoding': 'UTF-8',
  'log.showSignature': 'false',
  'maintenance.auto': 'false',
  'merge.conflictStyle': 'merge',
  'protocol.ext.allow': 'never',
  'rerere.enabled': 'false',
}

/**
 * What git gets to see. Of `environment` everything but its GIT_ variables, which a hook sets and which would point it
 * at another repository or index. `user` leaves the configuration of the user and the system in place, for questions to
 * the user's own repository (safe.directory, credentials, url.insteadOf); `none` leaves both out.
 */
export function gitEnvironment(environment: Environment, config: 'user' | 'none'): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || isForConfig(name, config))
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    ...(config === 'none' ? { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' } : {}),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
    LANGUAGE: 'C',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...settingsAsVariables(),
  }
}

/** Where the user's configuration lies is his to say; the fences of tests are made of these. */
function isForConfig(name: string, config: 'user' | 'none'): boolean {
  const names = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES']
  return config === 'user' && names.includes(name)
}

function settingsAsVariables(): Readonly<Record<string, string>> {
  const entries = Object.entries(settings)
  return {
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}
