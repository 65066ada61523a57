/** Works through a queue: each piece writes a line in the transaction in which it ends, and counts how often that was done. */
import { setTimeout as pause } from 'node:timers/promises'
import { endJob, takeJob } from '../../../src/store/jobs.ts'
import { openStore } from '../../../src/store/store.ts'

const store = await openStore(process.argv[2] ?? '')
const lease = `${process.pid}`
for (;;) {
  const taking = { kind: 'judge', lease, now: Date.now(), forMs: 60_000 }
  const job = await takeJob(store, taking)
  if (job === null) break
  process.stdout.write('.')
  await pause(2)
  await store.transaction(async (records) => {
    const row = { version: job.version ?? 0, patch: 1, key: job.key, rule: '', severity: '', path: '', line: 1 }
    await records
      .insertInto('findings')
      .values({ ...row, source: '', message: '' })
      .onConflict((conflict) => conflict.doUpdateSet((build) => ({ line: build('findings.line', '+', 1) })))
      .execute()
    if (!(await endJob(records, job, { state: 'done', detail: '' }))) throw new Error('the lease is lost')
  })
}
await store.close()
