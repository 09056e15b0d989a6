using PortalApp.Data;

namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        var loopbackOnly = new Listening(builder.Configuration).IsOnLoopbackAlone;
        builder.AddOptions(MailOptions.Section, new MailOptionsValidator(builder.Environment.IsDevelopment(), loopbackOnly));
        builder.Services.AddSingleton<MailQueue>();
        builder.Services.AddSingleton<MailCarrier>();
        builder.Services.AddHostedService<MailSender>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Mails, without their content",
                "they were sent or dropped",
                TimeSpan.FromDays(7),
                (db, before) => db.Set<OutgoingMail>().Where(m => m.EndedAt < before).OrderBy(m => m.EndedAt)
            )
        );
        return builder;
    }
}
