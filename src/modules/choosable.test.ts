import { expect, test } from 'vitest'
import { newSteps } from '../core/journey/edit/new-step.ts'
import { triggerTypes } from '../triggers/definitions.ts'
import { definitions } from './definitions.ts'
import { registryOf } from './registry.ts'

test('who adds a step chooses among whole steps, not among the parts they are made of', () => {
  const inner = definitions.filter((type) => type.inner).map((type) => `module:${type.type}`)
  const offered = newSteps(registryOf(definitions, triggerTypes)).map((step) => step.key)
  expect(inner.length).toBeGreaterThan(0)
  expect(offered).toEqual(expect.arrayContaining(['module:email', 'module:sms', 'module:form']))
  expect(offered.filter((key) => inner.includes(key))).toEqual([])
})
