/** A result line of the Test Anything Protocol, as kselftest prints it (Documentation/dev-tools/ktap.rst, "Test case result lines"). */
export type TapResult = {
  readonly outcome: 'pass' | 'fail' | 'skip'
  /** What it names: `selftests: livepatch: test-state.sh`. */
  readonly name: string
  /** What follows `#`: `exit=1`, `TIMEOUT 45 seconds`; empty where nothing does. */
  readonly remark: string
}

/** Reads `not ok 2 selftests: livepatch: test-state.sh # exit=1`; those of a nested plan are not results of their own. Null for other lines. */
export function readTapResult(line: string): TapResult | null {
  const match = /^(not ok|ok) (\d{1,7})(?: (?:- )?(.*))?$/.exec(line)
  if (match === null) return null
  const [, word, number = '', rest = ''] = match
  const mark = rest.lastIndexOf(' # ')
  const name = (mark === -1 ? rest : rest.slice(0, mark)).trim()
  const remark = mark === -1 ? '' : rest.slice(mark + 3).trim()
  const isSkip = /^(?:SKIP|XFAIL|TODO)\b/i.test(remark)
  return { outcome: isSkip ? 'skip' : word === 'ok' ? 'pass' : 'fail', name: name === '' ? number : name, remark }
}
