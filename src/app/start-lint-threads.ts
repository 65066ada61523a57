import { getCompileCacheDir } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { ListingAhead } from '../git/listing-ahead.ts'

// Imports nothing of ours: the threads are started while everything else is still being loaded.

/**
 * Megabytes for what is young in a thread's heap. Work on a tree makes garbage in large heaps at a time; with the 48 MB that are usual, a
 * fifth of the time goes into collecting it.
 */
const youngMb = 96

/**
 * Megabytes that the rest of a thread's heap may grow to before it is looked through for the first time. What is learned of a kernel
 * stays, so that doing it at a tenth of that, and again at each doubling, finds little and takes a tenth of the time. Not where memory
 * is short.
 */
const firstOldMb = 1024
const ampleBytes = 8 * firstOldMb * 1024 * 1024

/** What a lint was given before it was called: its threads, and the listing of a tree that may be the one that is meant. */
export type EarlyLint = { readonly workers: readonly Worker[]; readonly listing: ListingAhead | null }

/** The two threads of a lint (lint-worker.ts), which load what they need. Until somebody has work for them they do not keep the process alive. */
export function startLintThreads(): readonly Worker[] {
  if (process.availableMemory() >= ampleBytes) setFlagsFromString(`--initial-old-space-size=${firstOldMb}`)
  return [startThread(), startThread()]
}

function startThread(): Worker {
  // Compiled, the module beside this one ends in .js.
  const file = import.meta.url.endsWith('.ts') ? './lint-worker.ts' : './lint-worker.js'
  const module = new URL(file, import.meta.url).href
  const worker = new Worker(starter(module, getCompileCacheDir()), {
    eval: true,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  })
  worker.unref()
  return worker
}

/** Runs a module with the compile cache of the process, which a thread does not take over by itself. */
function starter(module: string, compileCache: string | undefined): string {
  const enable =
    compileCache === undefined ? '' : `require('node:module').enableCompileCache(${JSON.stringify(compileCache)})\n`
  return `${enable}import(${JSON.stringify(module)})`
}
