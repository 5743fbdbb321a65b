import { useInvitation } from '../../src/contract/accounts.ts'
import { invite } from '../../src/contract/members.ts'
import type { Role } from '../../src/contract/permission.ts'
import type { Browser } from '../accounts/office.ts'
import { PASSWORD } from '../accounts/office.ts'
import type { Studio } from '../api/studio.ts'

let invited = 0

/** Somebody who works for this business, signed in. */
export async function joinAs(studio: Studio, role: Role): Promise<Browser> {
  invited += 1
  const email = `${role}${invited}@example.org`
  await studio.api(invite, { params: studio.params, body: { email, role } })
  const link = await studio.office.linkIn(email)
  const browser = studio.office.browser()
  await browser.api(useInvitation, { body: { link, person: { name: `A ${role}`, password: PASSWORD } } })
  await browser.signIn(email)
  return browser
}
