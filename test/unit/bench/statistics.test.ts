import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { extremes, median, pairedRatio } from '../../../bench/statistics.ts'

describe('medians and spread', () => {
  test('the middle of an odd number of values is one of them', () => assert.equal(median([9, 1, 5]), 5))
  test('the middle of an even number lies between two', () => assert.equal(median([4, 1, 9, 2]), 3))
  test('of one it is that, of none it is no number', () => {
    assert.equal(median([7]), 7)
    assert.ok(Number.isNaN(median([])))
  })
  test('values are compared as numbers, and left in their order', () => {
    const values = [10, 9, 100]
    assert.equal(median(values), 10)
    assert.deepEqual(values, [10, 9, 100])
  })
  test('the spread is from the least to the most', () => assert.deepEqual(extremes([3, 1, 2]), { least: 1, most: 3 }))
})

describe('ratios of the same rounds', () => {
  test('a machine that is slow for a round is slow for both', () => {
    assert.equal(pairedRatio([10, 1000, 10], [20, 2000, 20]), 0.5)
  })
  test('it is the median of ratios, not the ratio of medians', () => {
    assert.equal(pairedRatio([1, 10, 30], [1, 20, 10]), 1)
  })
  test('a round in which either does not count is left out', () => {
    assert.equal(pairedRatio([1, undefined, 6, 4], [2, 1, undefined, 8]), 0.5)
  })
  test('rounds that only one has do not count', () => assert.equal(pairedRatio([3, 9], [1]), 3))
  test('nothing to compare is no ratio', () => {
    assert.equal(pairedRatio([], [1]), undefined)
    assert.equal(pairedRatio([1], [0]), undefined)
  })
})
