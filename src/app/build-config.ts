import { z } from 'zod'

/** The part of the configuration that says what is built of the series that are judged. */
export const buildSchema = z.strictObject({
  profile: z.string().min(1).default('livepatch').describe('a profile that is shipped, or a file'),
  arches: z.array(z.string().min(1)).optional().describe('architectures of the profile; all where it is left out'),
  tier: z.enum(['fast', 'full']).default('fast').describe('fast: modules alone; full: vmlinux too'),
  jobs: z.int().min(1).max(1024).optional().describe('processors that builds use; all where it is left out'),
  ccache: z
    .string()
    .min(1)
    .optional()
    .describe('a directory for the files of ccache, which bases are compiled through; not used where it is left out'),
  'cache-size': z
    .string()
    .regex(/^[1-9]\d{0,4}G$/, 'a size is written 20G')
    .default('20G')
    .describe('what is kept of trees and bases'),
})

/** What is built of the series that are judged, with every default filled in. */
export type BuildConfig = z.infer<typeof buildSchema>
