import type { Fiber, Scheduler } from "effect"

type Task = () => void

/**
 * Runs the fibers of a simulation: what is to be done stands in one queue, whoever put it there, and is done when it is
 * asked for. So the order in which fibers get on is the same whatever else the machine does.
 */
export class SimulatedScheduler implements Scheduler.Scheduler {
  readonly executionMode = "async"
  readonly #buckets = new Map<number, Array<Task>>()
  #priorities: ReadonlyArray<number> = []
  #waiting = 0

  get isIdle(): boolean {
    return this.#waiting === 0
  }

  /** Does the next task: the oldest of the lowest priority number. */
  runOne(): void {
    for (const priority of this.#priorities) {
      const task = this.#buckets.get(priority)?.shift()
      if (task === undefined) continue
      this.#waiting--
      task()
      return
    }
  }

  shouldYield({ cache, currentOpCount }: Fiber.Fiber<unknown, unknown>): boolean {
    return currentOpCount >= cache.maxOpsBeforeYield
  }

  // All fibers share the queue, so the last that was scheduled never comes before the first, whichever fiber did it.
  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return {
      scheduleTask: (task, priority) => this.#schedule(task, priority),
      flush: () => {
        while (!this.isIdle) this.runOne()
      }
    }
  }

  #schedule(task: Task, priority: number): void {
    this.#waiting++
    const bucket = this.#buckets.get(priority)
    if (bucket === undefined) {
      this.#buckets.set(priority, [task])
      this.#priorities = [...this.#priorities, priority].toSorted((one, other) => one - other)
    } else {
      bucket.push(task)
    }
  }
}
