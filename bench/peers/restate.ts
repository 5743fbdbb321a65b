import { createRequire } from 'node:module'
import path from 'node:path'
import * as restate from '@restatedev/restate-sdk'
import * as clients from '@restatedev/restate-sdk-clients'
import { durableRuntime, type Script, type Task } from '../harness/durable-runtime.ts'
import { freePort, startServer } from '../harness/server.ts'
import { CannotRun, type System, type World } from '../harness/system.ts'
import { inLanes, until } from '../harness/timing.ts'

const LANES = 400

const walkOf = (script: Script, ended: () => void) =>
  restate.service({
    name: 'walk',
    handlers: {
      run: async (context: restate.Context, task: Task): Promise<void> => {
        script.begun(task)
        for (let step = 0; step < task.steps; step++) {
          await context.run(`step ${step}`, () => script.step(task, step))
        }
        ended()
      },
    },
  })

async function openServer(world: World): Promise<{ admin: string; ingress: string }> {
  const binary = findBinary()
  const [node, admin, ingress] = [await freePort(), await freePort(), await freePort()]
  const local = (port: number): string => `127.0.0.1:${port}`
  const server = await startServer({
    command: binary,
    args: ['--no-logo', '--node-name', 'bench', '--base-dir', path.join(world.scratch, 'restate')],
    cwd: world.scratch,
    env: {
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: local(node),
      RESTATE_ADVERTISED_ADDRESS: `http://${local(node)}/`,
      RESTATE_ADMIN__BIND_ADDRESS: local(admin),
      RESTATE_INGRESS__BIND_ADDRESS: local(ingress),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
    },
    stopWith: 'SIGTERM',
    ready: async () => {
      for (const address of [`${local(admin)}/health`, `${local(ingress)}/restate/health`]) {
        const { ok, status } = await fetch(`http://${address}`)
        if (!ok) throw new Error(`${address} answers ${status}`)
      }
    },
  })
  world.later(() => server.stop())
  return { admin: `http://${local(admin)}`, ingress: `http://${local(ingress)}` }
}

function findBinary(): string {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`
  try {
    const home = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    return path.join(home, 'bin', 'restate-server')
  } catch (cause) {
    throw new CannotRun(`there is no ${name}`, { cause })
  }
}

export const systems: readonly System[] = [
  durableRuntime(
    {
      name: 'restate',
      mode: 'one service, context.run per step',
      settings: `one node as shipped, runs sent ${LANES} at once, HTTP/2 streaming; W2: delayed send`,
      workloads: ['w1', 'w2', 'w3', 'w4'],
      share: { w1: 0.25 },
      msPerTimer: 1,
    },
    async (world, script) => {
      const { admin, ingress } = await openServer(world)
      let [sent, ended] = [0, 0]
      const walk = walkOf(script, () => ended++)
      const port = await freePort()
      await restate
        .endpoint()
        .setLogger(() => {})
        .bind(walk)
        .listen(port)
      const answer = await fetch(`${admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uri: `http://127.0.0.1:${port}`, force: true }),
      })
      if (!answer.ok) throw new Error(`Restate refused the deployment: ${await answer.text()}`)

      const send = clients.connect({ url: ingress }).serviceSendClient<typeof walk>({ name: 'walk' })
      return {
        start(tasks) {
          sent += tasks.length
          return inLanes(tasks.length, LANES, (i) => {
            const { due } = tasks[i]!
            const delay = due === null ? {} : { delay: due - Date.now() }
            return send.run(tasks[i]!, clients.rpc.sendOpts<Task>(delay))
          })
        },
        finished: () => until(async () => ended === sent, 1),
      }
    },
  ),
]
