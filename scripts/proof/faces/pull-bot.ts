import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { createPullWatch, type PullWatch } from '../../../src/app/watch-pulls.ts'
import { createGithubWebhooks } from '../../../src/web/github-webhooks.ts'
import type { Scene } from '../../../test/support/github/scene.ts'

/** The daemon: its memory is gone with `restart`; webhooks come at an address that stays. Close it. */
export type Bot = {
  readonly webhooks: string
  readonly secret: string
  restart(): Promise<void>
  /** Until nothing is left to do: what it left for later is asked again, as in life after some minutes. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Rounds after which it must be at rest. */
const mostRounds = 60

export async function startBot(scene: Scene): Promise<Bot> {
  const secret = 'it is a secret'
  let watch: PullWatch
  let reported = 0
  let isLater = false
  let isBroken: Error | null = null
  const restart = async (): Promise<void> => {
    watch = createPullWatch(await scene.desk(), (_, outcome) => {
      reported += 1
      isLater = outcome.kind === 'later'
      if (outcome.kind === 'broken') isBroken = outcome.error
    })
  }
  await restart()
  const app = createGithubWebhooks({
    secret,
    repositories: [scene.github.repository],
    onPoke: ({ number }) => watch.poke(number),
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // of a TCP server that listens
  return {
    webhooks: `http://127.0.0.1:${port}/github/webhooks`,
    secret,
    restart,
    settle: async () => {
      let quiet = 0
      for (let round = 0; round < mostRounds && quiet < 2; round += 1) {
        await watch.idle()
        const before = reported
        const swept = await watch.sweep()
        await watch.idle()
        if (isBroken) throw isBroken
        quiet = swept.kind === 'swept' && reported === before && !isLater ? quiet + 1 : 0
        scene.github.world.now += 180_000
      }
      if (quiet < 2) throw new Error(`the bot does not come to rest in ${mostRounds} rounds`)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
