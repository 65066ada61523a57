/** Counts in a cursor, one a transaction: with several of these at work none of the steps may be lost. */
import { moveCursor, sourceState } from '../../../src/store/mails.ts'
import { openStore } from '../../../src/store/store.ts'

const [path = '', , steps = '0'] = process.argv.slice(2)
const store = await openStore(path)
for (let step = 0; step < Number(steps); step++) {
  await store.transaction(async (records) => {
    const { cursor } = await sourceState(records, 'counted')
    await moveCursor(records, 'counted', { cursor: String(Number(cursor ?? '0') + 1), at: step })
  })
}
await store.close()
