import { RequestError } from 'octokit'
import { describe, expect, it } from 'vitest'
import { troubleOf } from '../../../src/app/github-trouble.ts'

const now = Date.UTC(2025, 2, 4)

function failure(status: number, message: string, headers: Record<string, string> = {}): RequestError {
  const request = { method: 'GET' as const, url: 'https://api.github.com/', headers: {} }
  return new RequestError(message, status, {
    request,
    response: { status, url: request.url, headers, data: {} },
  })
}

describe('what a failure of GitHub calls for', () => {
  it.each([
    ['a broken server', failure(503, 'No server'), { kind: 'wait', ms: null }],
    ['a connection that was cut', failure(500, 'other side closed'), { kind: 'wait', ms: null }],
    ['a secondary limit', failure(403, 'secondary rate limit', { 'retry-after': '30' }), { kind: 'wait', ms: 30_000 }],
    [
      'one that does not say how long',
      failure(429, 'You have exceeded a secondary rate limit'),
      { kind: 'wait', ms: 60_000 },
    ],
    [
      'the hourly limit',
      failure(403, 'API rate limit exceeded', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(now / 1000 + 90),
      }),
      { kind: 'wait', ms: 90_000 },
    ],
    ['a token that may not', failure(403, 'Resource not accessible by integration'), { kind: 'forbidden' }],
    ['a token that is none', failure(401, 'Bad credentials'), { kind: 'forbidden' }],
    ['a commit that is gone', failure(404, 'Not Found'), { kind: 'moved' }],
    ['a commit that is not known', failure(422, 'No commit found for SHA'), { kind: 'moved' }],
  ])('%s', (_, error, expected) => {
    expect(troubleOf(error, now)).toMatchObject(expected)
  })

  it('is nothing where the failure is our own', () => {
    expect(troubleOf(new TypeError('undefined is not a function'), now)).toBeNull()
    expect(troubleOf(failure(400, 'Bad Request'), now)).toBeNull()
  })
})
