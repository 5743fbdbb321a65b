// The product as it is really put together, with one liberty: webhooks may go to this machine, because the storm
// calls nobody outside. Told to stop, it drains like the command line does.
import { whenToldToStop } from '../../src/cli/told-to-stop.ts'
import { readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { serve } from '../../src/serve.ts'

const config = readConfig(process.env)
const log = openLog(config.logLevel)
const serving = await serve(config, log, { webhooksToLoopback: true })
log.info('open', { address: serving.address })
whenToldToStop(() => serving.drain())
