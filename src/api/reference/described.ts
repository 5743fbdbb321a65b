import type { openApi } from '../../contract/openapi.ts'
import { isOfVendor, type Operation, problemsOf } from '../../contract/operation.ts'
import { PERMISSIONS, type Permission, type Role } from '../../contract/permission.ts'
import type { ProblemCode } from '../../contract/problem.ts'
import type { Parameter, Schema } from './schema.ts'

/** An operation with what the OpenAPI document says of it: the page is made of both, so they cannot differ. */
export type Described = {
  readonly op: Operation
  readonly parameters: readonly Parameter[]
  readonly body: Schema | null
  readonly answer: Schema | null
  readonly problems: readonly ProblemCode[]
  readonly asker: Asker
}
export type Asker =
  | {
      readonly is: 'vendor'
      readonly permission: Permission
      readonly says: string
      readonly roles: readonly Role[]
      /** A key alone speaks here. */
      readonly keyOnly: boolean
    }
  | { readonly is: 'person' }
  | { readonly is: 'nobody' }

export type OpenApi = ReturnType<typeof openApi>
type Said = {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: {
    readonly [status: string]: {
      readonly content?: { readonly 'application/json'?: { readonly schema: Schema } }
    }
  }
}

export const described = (document: OpenApi, operations: readonly Operation[]): readonly Described[] =>
  operations.map((op) => {
    const said = document.paths[op.path]?.[op.method] as Said
    return {
      op,
      parameters: said.parameters,
      body: said.requestBody?.content['application/json'].schema ?? null,
      answer: said.responses[String(op.status)]?.content?.['application/json']?.schema ?? null,
      problems: problemsOf(op),
      asker: askerOf(op),
    }
  })

function askerOf(op: Operation): Asker {
  if (!isOfVendor(op)) return { is: op.needs === 'person' ? 'person' : 'nobody' }
  const permission = op.needs as Permission
  return { is: 'vendor', permission, ...PERMISSIONS[permission], keyOnly: op.namesItself }
}
