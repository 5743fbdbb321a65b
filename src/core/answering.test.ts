import { expect, test } from 'vitest'
import { answersFor, whoAnswers } from './answering.ts'

test('a higher role answers for a lower one, never the other way, and who only looks for nobody', () => {
  expect(answersFor('owner')).toEqual(['owner', 'manager', 'assistant'])
  expect(answersFor('manager')).toEqual(['manager', 'assistant'])
  expect(answersFor('assistant')).toEqual(['assistant'])
  expect(['viewer', 'nobody', ''].map(answersFor)).toEqual([[], [], []])
})

test('who may answer is told in words, and an unknown role is left to the owner', () => {
  expect(['owner', 'manager', 'assistant', 'friend'].map(whoAnswers)).toEqual([
    'the owner',
    'a manager or the owner',
    'anybody who works here',
    'the owner',
  ])
})
