// Writes one snapshot over and over until it is killed: a megabyte of one byte, another each time. `write-snapshots.ts DIRECTORY [once]`.
import { openSnapshots } from '../../../src/store/snapshots.ts'

const [directory = '', howOften = ''] = process.argv.slice(2)
const snapshots = openSnapshots(directory, { clock: Date.now })
for (let round = 0; ; round++) {
  snapshots.write({ group: 'models of x86_64', id: 'aa' }, new Uint8Array(1 << 20).fill(round % 256))
  if (round === 0) process.stdout.write('ready\n')
  if (howOften === 'once') break
}
