// SPDX-License-Identifier: Apache-2.0
// What the portal calls: rows beside those of types.ts.
import "./types";

/** A project that the person is a member of. */
export interface OwnProject {
  project: string;
  title: string;
  client: string | null;
  state: string;
  roles: string[];
}

/** A workflow that the person may know of. */
export interface Workflow {
  name: string;
  key: string;
  title: string;
}

/** How a round ended. */
export interface Ended {
  outcome: string;
  outcome_title: string;
  manner_title?: string;
  at: string;
}

declare module "./types" {
  interface Methods {
    "project.mine": { params: { cursor?: string; limit?: number }; result: Page<OwnProject> };
    "certificate.get": {
      params: { case: string; approval?: string; round?: number; format?: "json" | "html" };
      result: { case: string; entry: number; name: string; type: string; text: string };
    };
  }
  interface Writes {
    "case.open": {
      params: { workflow: string; project?: string; fields?: Record<string, Value>; dry_run?: boolean };
      result: Written & { takes?: string[] };
    };
  }
}
