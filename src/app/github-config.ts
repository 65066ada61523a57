import { z } from 'zod'

/** The part of the configuration that is about GitHub. Secrets are in files; none is a value here. */
export const githubSchema = z.strictObject({
  'base-url': z
    .url({ protocol: /^https?$/ })
    .default('https://api.github.com')
    .describe('the API; of an Enterprise server https://HOST/api/v3'),
  'token-file': z.string().min(1).optional().describe('a file with a token; without it GITHUB_TOKEN, then GH_TOKEN'),
  app: z
    .strictObject({
      id: z.number().int().positive().describe('the id of the GitHub App'),
      'key-file': z.string().min(1).describe('its private key, PEM'),
    })
    .optional()
    .describe('speak as a GitHub App instead of with a token'),
  'webhook-secret-file': z.string().min(1).optional().describe('a file with the secret that webhooks are signed with'),
  repositories: z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'is not OWNER/REPOSITORY'))
    .default([])
    .describe('OWNER/REPOSITORY, as the server knows them, to watch'),
  post: z.boolean().default(false).describe('whether reviews are posted; without it they are only logged'),
  drafts: z.boolean().default(false).describe('whether drafts are reviewed too'),
})

/** What the configuration says of GitHub, with every default filled in. */
export type GithubConfig = z.infer<typeof githubSchema>
