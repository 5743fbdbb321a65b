import {
  askForOpening,
  askForReset,
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  endSession,
  giveSecondFactor,
  listSessions,
  openBusiness,
  resetPassword,
  signIn,
  signOut,
  useInvitation,
  whoAmI,
} from './accounts.ts'
import { listAudit } from './audit.ts'
import { addClient, changeClient, listClients, readClient } from './clients.ts'
import { listJourneys } from './journeys.ts'
import { listKeys, makeKey, revokeKey } from './keys.ts'
import {
  changeMember,
  invite,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from './members.ts'
import type { Operation } from './operation.ts'
import { changeVendor, readVendor } from './vendors.ts'

/** Everything that can be asked of the API, written out. */
export const operations: readonly Operation[] = [
  openBusiness,
  askForOpening,
  signIn,
  giveSecondFactor,
  whoAmI,
  signOut,
  listSessions,
  endSession,
  askForReset,
  resetPassword,
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  useInvitation,
  readVendor,
  changeVendor,
  listMembers,
  changeMember,
  removeMember,
  listInvitations,
  invite,
  revokeInvitation,
  listKeys,
  makeKey,
  revokeKey,
  listClients,
  readClient,
  addClient,
  changeClient,
  listJourneys,
  listAudit,
]
