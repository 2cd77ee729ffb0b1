/** Locations and tasks of DataSync by their ARN, in the words of the API. */
export interface DataSyncState {
  readonly locations: Map<string, LocationState>;
  readonly tasks: Map<string, TaskState>;
  readonly executions: Map<string, ExecutionState>;
}

export interface LocationState {
  readonly uri: string;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface TaskState {
  readonly name: string;
  readonly source: LocationState;
  readonly target: LocationState;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ExecutionState {
  readonly task: TaskState;
  looks: number;
}

export function newDataSyncState(): DataSyncState {
  return { locations: new Map(), tasks: new Map(), executions: new Map() };
}
