/** Makes the index of an archive, for a test that kills it meanwhile: `node index-archive.ts ARCHIVE CACHE`. */
import { createHistoryReader } from '../../src/git/history-reader.ts'
import { openLoreArchive } from '../../src/sources/lore-git.ts'

const [, , directory = '', cacheDirectory = ''] = process.argv
const source = await openLoreArchive({
  directory,
  name: 'archive',
  reader: createHistoryReader(process.env),
  cacheDirectory,
  clock: Date.now,
})
await source.find('nobody@nowhere')
