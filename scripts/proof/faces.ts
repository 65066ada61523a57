import type { Check } from './check.ts'
import { provePullRequests } from './faces/pull-requests.ts'

/** What "The other faces" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'a pull request through its life', run: provePullRequests },
]
