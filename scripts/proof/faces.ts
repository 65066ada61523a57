import type { Check } from './check.ts'
import { proveAction } from './faces/action.ts'
import { proveGitAm } from './faces/git-am.ts'
import { proveProtocols } from './faces/protocols.ts'
import { provePullRequests } from './faces/pull-requests.ts'

/** What "The other faces" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'a pull request through its life', run: provePullRequests },
  { number: 2, title: '`git am` of real patches with the hook', run: proveGitAm },
  { number: 3, title: 'protocols of b4, reviewdog, code scanning and editors', run: proveProtocols },
  { number: 4, title: 'the steps of the Action in a clean container', run: proveAction },
]
