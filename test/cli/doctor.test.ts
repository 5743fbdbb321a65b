import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { webPort } from '../../src/cli/doctor/neighbours.ts'
import { standing } from '../../src/cli/doctor/work.ts'
import { readConfig } from '../../src/config.ts'

/** What doctor says, where it takes no house to know it. */
test('the port: free, ours, another installation’s, another program’s', async () => {
  let answer = '{"installation":"one"}'
  const server = createServer((_, response) => response.end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const config = readConfig({ PORT: String(port) })
  const told = async (installation: string | null) => (await webPort(config, installation))[0]
  expect(await told('one')).toMatchObject({ is: 'well' })
  expect(await told('two')).toMatchObject({ is: 'mend', says: expect.stringContaining('(one)') })
  expect(await told(null)).toMatchObject({ is: 'mend' })
  answer = 'hello'
  expect(await told('one')).toMatchObject({ is: 'mend', says: expect.stringContaining('another program') })
  await new Promise((resolve) => server.close(resolve))
  expect(await told(null)).toMatchObject({ is: 'well', says: expect.stringContaining('free') })
  expect(await webPort({ ...config, role: 'worker' }, null)).toEqual([])
})

test('no run is said to go on while one waits for a person because something went wrong', () => {
  expect(standing({ stuck: 0 }, [{ code: 'reply_received', notices: 2, runs: 0 }])).toMatchObject({
    is: 'well',
  })
  expect(standing({ stuck: 1 }, [])).toMatchObject({ is: 'look', says: expect.stringContaining('1 run') })
  expect(standing({ stuck: 0 }, [{ code: 'nothing_moves', notices: 3, runs: 3 }])).toMatchObject({
    is: 'look',
  })
})
