import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { createMailParser } from '../../../src/mail/parser.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const root = resolve(import.meta.dirname, '../../..')
const compiled = mkdtempSync(join(tmpdir(), 'kbuild-review-compiled-'))
afterAll(() => removeDirectory(compiled))

const compilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  rewriteRelativeImportExtensions: true,
}

/** Compiles what the parser is made of, as `npm run build` does, with the packages beside it. */
function compile(): void {
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(compiled, 'node_modules'))
  for (const room of ['mail', 'text']) {
    mkdirSync(join(compiled, 'src', room), { recursive: true })
    for (const name of readdirSync(join(root, 'src', room))) {
      const source = readFileSync(join(root, 'src', room, name), 'utf8')
      const { outputText } = ts.transpileModule(source, { compilerOptions })
      writeFileSync(join(compiled, 'src', room, name.replace(/\.ts$/, '.js')), outputText)
    }
  }
}

it('the parser finds its threads where it is compiled, too', async () => {
  compile()
  const url = pathToFileURL(join(compiled, 'src/mail/parser.js')).href
  // What is compiled from parser.ts has the type of parser.ts.
  const module = (await import(/* @vite-ignore */ url)) as { createMailParser: typeof createMailParser }
  const parser = module.createMailParser({ workers: 1, timeoutMs: 20_000 })
  const result = await parser.parse(Buffer.from(writeMail({ id: 'patch@x' })), {
    now: testNow,
    origin: { kind: 'none' },
  })
  await parser.close()
  expect(result).toMatchObject({ kind: 'message', message: { id: 'patch@x' } })
})
