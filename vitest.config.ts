import { defineConfig } from 'vitest/config'

/** Real kernels, list archives and services: `npm run test:real`. All else runs offline, in seconds. */
const real = process.env['KBUILD_REVIEW_REAL'] === '1'

export default defineConfig({
  test: {
    include: real ? ['test/real/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: real ? [] : ['test/real/**'],
    testTimeout: real ? 600_000 : 30_000,
    hookTimeout: real ? 600_000 : 30_000,
    // Some wait for others' processes most of the time.
    maxWorkers: '100%',
    passWithNoTests: false,
    coverage: { provider: 'v8', include: ['src/**/*.ts', 'rules/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
})
