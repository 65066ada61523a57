// Preloaded into a bot (NODE_OPTIONS=--import): its clock shows the time in the file that KBUILD_REVIEW_PROOF_CLOCK names, and goes on from there.
import { readFileSync, statSync } from 'node:fs'

const path = process.env.KBUILD_REVIEW_PROOF_CLOCK
const real = Date.now
let set = -1
let ahead = 0

function look() {
  const { mtimeMs } = statSync(path)
  if (mtimeMs === set) return
  const wanted = Number(readFileSync(path, 'utf8'))
  if (!(wanted > 0)) return
  set = mtimeMs
  ahead = wanted - real()
}

look()
setInterval(look, 100).unref()
Date.now = () => real() + ahead
