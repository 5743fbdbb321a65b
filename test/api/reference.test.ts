import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/api/frame/limits.ts'
import { described } from '../../src/api/reference/described.ts'
import { exampleBody } from '../../src/api/reference/example.ts'
import { referencePage } from '../../src/api/reference/page.ts'
import { openApi } from '../../src/contract/openapi.ts'
import { documented } from '../../src/contract/operations.ts'
import { PERMISSION_NAMES } from '../../src/contract/permission.ts'
import { PROBLEM_CODES } from '../../src/contract/problem.ts'

const document = openApi(documented, 'test')
const page = referencePage(
  document,
  documented,
)({
  url: 'https://here.example',
  vendor: null,
  limits: LIMITS,
})
const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
const SIZE_MAX_BYTES = 360_000
const ID = '0190aaaa-0000-7000-8000-000000000000'
/** What the examples leave to the reader. */
const FILLED: { readonly [name: string]: string } = { $LINK: 'x'.repeat(43), $PICTURE: 'aGVsbG8=' }

describe('the reference', () => {
  test('describes every operation once, each permission and each refusal', () => {
    const sections = [...page.matchAll(/<section class="op" id="([^"]+)"/g)].map(([, id]) => id!)
    const operations = sections.filter((id) => id.includes('.'))
    expect(operations.toSorted()).toEqual(documented.map((one) => one.id).sort())
    expect(ids.filter((id) => id.startsWith('scope-')).map((id) => id.slice(6))).toEqual(PERMISSION_NAMES)
    expect(PROBLEM_CODES.filter((code) => !ids.includes(code))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('leads nowhere that is not on it', () => {
    const wanted = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    expect([...new Set(wanted)].filter((id) => !ids.includes(id))).toEqual([])
  })

  test('names every parameter and every field that may be sent', () => {
    for (const one of described(document, documented)) {
      const section = page.split(`<section class="op" id="${one.op.id}"`)[1]?.split('</section>')[0] ?? ''
      const named = [...Object.keys(one.op.params.shape), ...Object.keys(one.op.query.shape)]
      const sent = section.includes('the body of <a') ? [] : Object.keys(one.op.body?.shape ?? {})
      const missing = [...named, ...sent].filter((name) => !section.includes(`<code>${name}</code>`))
      expect([one.op.id, missing]).toEqual([one.op.id, []])
    }
  })

  test('shows requests whose bodies would be taken', () => {
    const refused = described(document, documented).flatMap((one) => {
      if (one.op.body === null) return []
      const filled = JSON.stringify(exampleBody(one)).replace(/\$[A-Z_]+/g, (name) => FILLED[name] ?? ID)
      const parsed = one.op.body.safeParse(JSON.parse(filled))
      return parsed.success ? [] : [`${one.op.id}: ${parsed.error.message}`]
    })
    expect(refused).toEqual([])
  })

  test('is small, and holds no script and no style of its own', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(SIZE_MAX_BYTES)
    expect(page.match(/<script(?! src="\/reference\/)|<style| style=| on\w+=/g)).toBeNull()
  })

  test('says whose business it is shown for', () => {
    const mine = referencePage(
      document,
      documented,
    )({ url: 'https://here.example', vendor: ID, limits: LIMITS })
    expect(mine).toContain(`VENDOR=${ID}`)
  })
})
