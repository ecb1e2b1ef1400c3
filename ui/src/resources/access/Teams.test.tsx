import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

it("a department gets a team, the team its people and its lead", async () => {
  const { user, data, container } = await renderApp("/settings/teams?team=new");
  await user.type(await screen.findByLabelText("Name"), "Sales");
  await user.selectOptions(screen.getByLabelText("What it is"), "Department");
  await user.click(screen.getByRole("button", { name: "Make team" }));
  expect(await screen.findByText("Nobody is in this team yet.")).toBeVisible();

  await user.click(screen.getByRole("link", { name: "New team" }));
  await user.type(await screen.findByDisplayValue(""), "North");
  await user.selectOptions(screen.getByLabelText("Stands below"), "Sales");
  await user.click(screen.getByRole("button", { name: "Make team" }));
  const tree = screen.getByRole("navigation", { name: "Departments and teams" });
  await within(tree).findByRole("link", { name: /North/ });
  expect(await data.teams()).toMatchObject([
    { name: "Sales", kind: "department", parent_id: null },
    { name: "North", kind: "team", parent_id: (await data.teams())[0]!.id },
  ]);

  await user.selectOptions(await screen.findByLabelText("Add somebody"), "Sam Price");
  await user.click(screen.getByRole("button", { name: "Add" }));
  await user.click(await screen.findByRole("checkbox", { name: "Sam Price leads the team" }));

  const north = (await data.teams())[1]!;
  await waitFor(async () =>
    expect(await data.teamMembers(north.id)).toMatchObject([{ user: { name: "Sam Price" }, is_lead: true }]),
  );
  await expectAccessible(container);

  await user.selectOptions(screen.getByLabelText("Move Sam Price to another team"), "Sales");
  await waitFor(async () => expect(await data.teamMembers(north.id)).toEqual([]));
  expect(await data.teamMembers((await data.teams())[0]!.id)).toHaveLength(1);

  await user.click(within(tree).getByRole("link", { name: /Sales/ }));
  expect(await screen.findByRole("button", { name: "Delete team" })).toBeDisabled();
  expect(screen.getByText(/Other teams stand below it/)).toBeVisible();
  expect(within(screen.getByLabelText("Stands below")).queryByRole("option", { name: /North/ })).toBeNull();
});

it("the teams speak Chinese and say what they are for while there is none", async () => {
  const { container } = await renderApp("/settings/teams", { language: "zh" });

  expect(await screen.findByText("有了团队，就可以让成员只看到本团队的记录。")).toBeVisible();
  await expectAccessible(container);
});

it("the last administrator stays one, and the refusal stands in the line", async () => {
  const { user, data } = await renderApp("/settings");
  const team = await data.createTeam({ name: "Sales", kind: "team" });
  await data.setTeamMembers(team.id, [{ user_id: data.data.users[0]!.id }]);
  const list = await screen.findByRole("list", { name: "Users" });
  const [line] = await within(list).findAllByRole("listitem");

  await user.selectOptions(within(line!).getByLabelText("Role of Marta Keller"), "Viewer");

  expect(await within(line!).findByRole("alert")).toHaveTextContent("Nobody else is an administrator");
  expect(within(line!).getByLabelText("Role of Marta Keller")).toHaveDisplayValue("Administrator");
});
