import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { routesOf } from '../../src/api/app.ts'
import { openApi } from '../../src/contract/openapi.ts'
import { isOfVendor } from '../../src/contract/operation.ts'
import { operations } from '../../src/contract/operations.ts'
import { PERMISSION_NAMES, PERMISSIONS, permissionTable, roleMay } from '../../src/contract/permission.ts'

/** What is declared, what is served and what is documented are one thing. */
describe('operations', () => {
  const routes = routesOf(null, 'http://localhost')

  test('are each served once, and nothing else is', () => {
    const declared = operations.map((one) => one.id).sort()
    expect(routes.map((route) => route.op.id).sort()).toEqual(declared)
    expect(new Set(declared).size).toBe(declared.length)
    const places = operations.map((one) => `${one.method} ${one.path}`)
    expect(new Set(places).size).toBe(places.length)
  })

  test('are handled as what they are: readings read, changes change, and vendors’ affairs name their vendor', () => {
    for (const { op, is } of routes) {
      const wanted = !isOfVendor(op) ? 'personal' : op.method === 'get' || op.onlyLooks ? 'read' : 'change'
      expect([op.id, is]).toEqual([op.id, wanted])
      expect([op.id, op.path.startsWith('/vendors/{vendor}')]).toEqual([op.id, isOfVendor(op)])
      const named = [...op.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect([op.id, named]).toEqual([op.id, Object.keys(op.params.shape)])
    }
  })

  test('take nothing that they do not know', () => {
    for (const one of operations)
      for (const shape of [one.params, one.query, one.body]) {
        if (shape === null) continue
        const issues = shape.safeParse({ vendor_id: 'x' }).error?.issues ?? []
        expect([one.id, issues.some((issue) => issue.code === 'unrecognized_keys')]).toEqual([one.id, true])
      }
  })
})

describe('the OpenAPI document', () => {
  const document = openApi(operations, 'test')

  test('holds every operation with its parameters, its answer and its refusals', () => {
    const described = Object.values(document.paths).flatMap((path) => Object.values(path)) as {
      operationId: string
      parameters: { name: string; in: string; required: boolean }[]
      responses: Record<string, unknown>
    }[]
    expect(described.map((one) => one.operationId).sort()).toEqual(operations.map((one) => one.id).sort())
    const add = described.find((one) => one.operationId === 'clients.add')!
    expect(add.parameters.map((one) => [one.name, one.required])).toEqual([
      ['vendor', true],
      ['Idempotency-Key', true],
    ])
    expect(Object.keys(add.responses)).toEqual([
      '201',
      '401',
      '403',
      '404',
      '409',
      '413',
      '422',
      '428',
      '429',
      '500',
      '503',
    ])
    const list = described.find((one) => one.operationId === 'clients.list')!
    expect(list.parameters.map((one) => [one.name, one.required])).toEqual([
      ['vendor', true],
      ['cursor', false],
      ['limit', false],
      ['search', false],
      ['stage', false],
      ['tag', false],
      ['order', false],
    ])
  })

  test('is plain JSON without holes: no reference that leads nowhere', () => {
    const text = JSON.stringify(document)
    expect(JSON.parse(text)).toEqual(document)
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1])
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(known).toContain('#/components/schemas/Problem')
    expect([...new Set(references)].filter((one) => !known.includes(one!))).toEqual([])
  })
})

describe('permissions', () => {
  test('are each asked for by somebody', () => {
    const asked = new Set(operations.filter(isOfVendor).map((one) => one.needs))
    expect(PERMISSION_NAMES.filter((one) => !asked.has(one))).toEqual([])
  })

  test('only grow with the role', () => {
    const ladder = ['viewer', 'assistant', 'manager', 'owner'] as const
    for (const name of PERMISSION_NAMES) {
      const allowed = ladder.map((role) => roleMay(role, name))
      expect([name, allowed]).toEqual([name, allowed.toSorted((a, b) => Number(a) - Number(b))])
      expect(PERMISSIONS[name].roles).toContain('owner')
    }
  })

  test('stand in docs/permissions.md as they are', async () => {
    const plain = (text: string): string =>
      text
        .replace(/ +/g, ' ')
        .replace(/:?-{2,}:?/g, '-')
        .replace(/:-:/g, '-')
    expect(plain(await readFile('docs/permissions.md', 'utf8'))).toContain(plain(permissionTable()))
  })
})
