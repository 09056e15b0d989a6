using System.CommandLine;
using Portal.Tenants;
using PortalApp.Gates.Questions;
using PortalApp.Layout.Languages;

namespace PortalApp.Operator;

internal static class QuestionCommands
{
    public static Command Question() =>
        new("question", "Security questions that a tenant's people can choose.") { List(), Add(), Remove(), Count() };

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List the questions: number, whether it ships, and its words in each language.") { tenant };
        list.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var question in await call.Get<QuestionStore>().OfferedAsync(id, call.Cancellation))
                {
                    call.PrintRow([
                        $"{question.Id}",
                        question.Shipped is null ? "own" : "ships",
                        .. ShippedLanguages.All.Select(language => question.TextIn(language)),
                    ]);
                }
            }
        );
        return list;
    }

    private static Command Add()
    {
        var tenant = TenantCommands.TenantOption();
        var texts = ShippedLanguages.All.ToDictionary(
            language => language.Name,
            language => new Option<string>($"--text-{language.Name}") { Description = $"The question in {language.EnglishName}." }
        );
        var add = new Command("add", "Add a question of the tenant's own, in at least one language.") { tenant };
        foreach (var text in texts.Values)
        {
            add.Add(text);
        }

        add.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            var own = QuestionWords.Of(texts.Select(text => (text.Key, call.Typed.GetValue(text.Value) ?? "")));
            return CommandRefusal.Of(
                await call.ChangeAsync(db => call.Get<QuestionStore>().AddAsync(db, id, own, call.By, call.Cancellation))
            );
        });
        return add;
    }

    private static Command Remove()
    {
        var (tenant, number) = (
            TenantCommands.TenantOption(),
            new Argument<long>("number") { Description = "As question list prints it." }
        );
        var remove = new Command("remove", "Nobody chooses the question any more, and answers to it count no more.") { tenant, number };
        remove.Does(async call =>
        {
            var (id, which) = (new TenantId(call.Typed.GetRequiredValue(tenant)), call.Typed.GetRequiredValue(number));
            var outcome = await call.ChangeAsync(db => call.Get<QuestionStore>().RemoveAsync(db, id, which, call.By, call.Cancellation));
            return CommandRefusal.Of(outcome, $"Tenant {id} has no question {which}; see: question list.");
        });
        return remove;
    }

    private static Command Count()
    {
        var tenant = TenantCommands.TenantOption();
        var registered = new Option<int>("--registered") { Description = "Answered by whoever registers.", Required = true };
        var asked = new Option<int>("--asked") { Description = "Of those, at a reset.", Required = true };
        var count = new Command("count", "How many questions people answer to register, and how many a reset asks.")
        {
            tenant,
            registered,
            asked,
        };
        count.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            var (all, some) = (call.Typed.GetRequiredValue(registered), call.Typed.GetRequiredValue(asked));
            return CommandRefusal.Of(
                await call.ChangeAsync(db => call.Get<QuestionStore>().SetCountsAsync(db, id, all, some, call.By, call.Cancellation))
            );
        });
        return count;
    }
}
