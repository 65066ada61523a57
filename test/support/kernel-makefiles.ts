import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../../src/text/decode.ts'

/** A makefile of a kernel tree, decoded. */
export type KernelMakefile = { readonly path: string; readonly text: string }

/** Makefile, Makefile.lib, Kbuild, Kbuild.include, Build, Platform, lib.mk; not Makefile.PL, which is Perl. */
const NAME = /^(?:Makefile(?!\.PL$)|Kbuild|Build$|Platform$|.*\.mk$)/

/** The makefiles of a kernel on the disk, by path. Symbolic links are not followed: what they point at is there too. */
export function kernelMakefiles(tree: string): KernelMakefile[] {
  return pathsBelow(tree, '').map((path) => ({ path, text: decodeBytes(readFileSync(join(tree, path))).text }))
}

function pathsBelow(tree: string, directory: string): string[] {
  return readdirSync(join(tree, directory), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return entry.name === '.git' ? [] : pathsBelow(tree, path)
      return entry.isFile() && NAME.test(entry.name) ? [path] : []
    })
}
