import { ASKED, answersFor, whoAnswers } from '../core/answering.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { type GateRef, openGates, roleOfMember } from '../store/asked.ts'

const MEMBER = /^member:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/**
 * Whose tasks and questions this actor may answer, by the role they have now. A key may what its scopes say, whoever
 * it is asked of: it was given that by somebody who may.
 */
async function answeredBy(sql: Sql, vendor: VendorId, actor: string): Promise<readonly string[]> {
  const member = MEMBER.exec(actor)?.[1]
  if (member === undefined) return ASKED
  return answersFor((await roleOfMember(sql, vendor, member)) ?? '')
}

/** Why this actor may not answer some of these; by run. What is not open is left for others to refuse. */
export async function notTheirs(
  sql: Sql,
  vendor: VendorId,
  gates: readonly GateRef[],
  actor: string,
): Promise<ReadonlyMap<string, string>> {
  if (gates.length === 0) return new Map()
  const mine = await answeredBy(sql, vendor, actor)
  if (mine.length === ASKED.length) return new Map()
  const open = await openGates(sql, vendor, gates)
  return new Map(
    open
      .filter((one) => !mine.includes(one.role))
      .map((one) => [
        one.run_id,
        one.is === 'approval'
          ? `This waits for a yes that only ${whoAnswers(one.role)} can give. Ask them, or wait until they have answered.`
          : `This task is for ${whoAnswers(one.role)}. Ask them to see to it.`,
      ]),
  )
}

export async function mustBeTheirs(sql: Sql, vendor: VendorId, gate: GateRef, actor: string): Promise<void> {
  const why = (await notTheirs(sql, vendor, [gate], actor)).get(gate.run)
  if (why !== undefined) throw new Refusal('forbidden', why)
}
