import { createHmac } from 'node:crypto'

/** A webhook as GitHub sends it. `signature` replaces the right one. */
export type Delivery = {
  readonly id: string
  readonly event: string
  readonly payload: unknown
  readonly secret: string
  readonly signature?: string
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
export async function deliver(target: string, { id, event, payload, secret, signature }: Delivery): Promise<number> {
  const body = JSON.stringify(payload)
  const right = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/fake',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-hub-signature-256': signature ?? right,
  }
  const response = await fetch(target, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}
