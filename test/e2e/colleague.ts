import { randomUUID } from 'node:crypto'
import type { BrowserContext } from 'playwright-core'
import { signIn, useInvitation, whoAmI } from '../../src/contract/accounts.ts'
import { type Api, connect } from '../../src/contract/connect.ts'
import { invite } from '../../src/contract/members.ts'
import type { Role } from '../../src/contract/permission.ts'
import { type House, PASSWORD } from './house.ts'

/** Somebody else who works here, as an assistant unless another role is named: speaking to the server from elsewhere, or sitting at a browser. */
export async function colleague(
  house: House,
  role: Role = 'assistant',
): Promise<{
  readonly api: Api
  sitsAt(context: BrowserContext): Promise<void>
}> {
  const owner = house.owner()
  await owner.api(invite, {
    params: { vendor: owner.vendor },
    body: { email: 'sam@example.org', role },
  })
  let [token, cookie] = ['', '']
  const api = connect({
    base: house.url,
    newKey: randomUUID,
    headers: () => ({ ...(token && { 'x-wedsync-csrf': token }), ...(cookie && { cookie }) }),
    fetch: (request) => fetch(request),
  })
  const letters = await (await fetch(`${house.url}/mailbox`)).text()
  const link = letters.match(/\/join#([A-Za-z0-9_-]+)/)?.[1] ?? ''
  await api(useInvitation, {
    body: { link, person: { name: 'Sam Okafor', password: PASSWORD } },
  })
  const { response } = await api(signIn, { body: { email: 'sam@example.org', password: PASSWORD } })
  cookie = (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  token = (await api(whoAmI, {})).data.csrf
  return {
    api,
    async sitsAt(context) {
      const [name = '', value = ''] = cookie.split(/=(.*)/)
      await context.clearCookies()
      await context.addCookies([{ name, value, url: house.url }])
    },
  }
}
