using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        var loopbackOnly = new Listening(builder.Configuration).IsOnLoopbackAlone;
        builder.AddOptions(MailOptions.Section, new MailOptionsValidator(builder.Environment.IsDevelopment(), loopbackOnly));
        builder.Services.AddSingleton<MessageQueue>();
        builder.Services.AddSingleton(new WrappedRows("messages", MessageQueue.RewrapAsync));
        builder.Services.AddSingleton<MessageCarrier>();
        builder.Services.AddHostedService<MessageSender>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Messages, without their content",
                "they were sent or dropped",
                TimeSpan.FromDays(7),
                (db, before) => db.Set<OutgoingMessage>().Where(m => m.EndedAt < before).OrderBy(m => m.EndedAt)
            )
        );
        return builder;
    }
}
