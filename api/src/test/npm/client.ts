// Uses the API with a client that was generated from the API's description. The program compiles only if the description
// has these routes, fields and words, and ends with 0 only if the API answers as described.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Task = components["schemas"]["Task"];
type Link = paths["/tasks"]["get"]["responses"][200]["headers"]["Link"];

const client = createClient<paths>({ baseUrl: process.argv[2] });

async function submit(task_id: string): Promise<Task> {
    const { data, response } = await client.POST("/tasks", {
        body: { task_id, gpus: 0.5, duration: 60, priority: "high", user: "generated" },
    });
    assert.equal(response.status, 201);
    // Several tasks have another answer.
    assert.ok(data && "state" in data);
    assert.equal(response.headers.get("location")?.endsWith("/tasks/" + data.task_id), true);
    return data;
}

async function read(id: string): Promise<Task> {
    const { data } = await client.GET("/tasks/{id}", { params: { path: { id } } });
    assert.ok(data);
    return data;
}

/** Returns all tasks, two per page, and follows the link from each page to the next. */
async function list(): Promise<Task[]> {
    const tasks: Task[] = [];
    let cursor: string | undefined;
    do {
        const { data, response } = await client.GET("/tasks", { params: { query: { limit: 2, cursor } } });
        assert.ok(data);
        tasks.push(...data.tasks);
        cursor = next(response.headers.get("link") ?? undefined, response.url);
        assert.equal(cursor, data.next_cursor);
    } while (cursor !== undefined);
    return tasks;
}

function next(header: Link, page: string): string | undefined {
    const link = header?.match(/<(.*)>; rel="next"/)?.[1];
    return link === undefined ? undefined : (new URL(link, page).searchParams.get("cursor") ?? undefined);
}

async function refused(): Promise<components["schemas"]["Problem"]> {
    const { error, response } = await client.POST("/tasks", { body: { gpus: -1, priority: "low" } });
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.ok(error);
    return error;
}

const ids = ["generated-1", "generated-2", "generated-3"];
for (const id of ids) {
    const submitted = await submit(id);
    assert.equal(submitted.state, "queued" satisfies Task["state"]);
    assert.equal((await read(id)).submitted_at, submitted.submitted_at);
}

const listed = (await list()).map((task) => task.task_id);
assert.deepEqual(listed.filter((id) => ids.includes(id)), ids);
assert.equal(new Set(listed).size, listed.length);

const problem = await refused();
assert.equal(problem.status, 422);
assert.equal(problem.type, "urn:gpuctl:problem:invalid-field" satisfies typeof problem.type);
assert.equal(problem.errors?.[0]?.field, "gpus");

const unknown = await client.GET("/tasks/{id}", { params: { path: { id: "generated-4" } } });
assert.equal(unknown.error?.type, "urn:gpuctl:problem:not-found");

const cancelled = await client.DELETE("/tasks/{id}", { params: { path: { id: ids[0] } } });
assert.equal(cancelled.response.status, 202);

// @ts-expect-error There is no such priority.
const wrong: Task["priority"] = "urgent";
assert.equal(wrong, "urgent");
