using PortalApp.Data;
using PortalApp.Notifications.Notices;
using PortalApp.Notifications.Phone;
using PortalApp.Secrets;

namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        var loopbackOnly = new Listening(builder.Configuration).IsOnLoopbackAlone;
        builder.AddOptions(MailOptions.Section, new MailOptionsValidator(builder.Environment.IsDevelopment(), loopbackOnly));
        builder.AddOptions(PhoneOptions.Section, new PhoneOptionsValidator());
        builder.Services.AddSingleton<PhoneProviders>();
        builder.Services.AddSingleton<TwilioReports>();
        builder.Services.AddSingleton<AddressFaults>();
        builder.Services.AddSingleton<RefusedShare>();
        builder.Services.AddSingleton(services => new ServedChannels([
            .. Enum.GetValues<MessageChannel>().Where(services.GetRequiredService<MessageCarrier>().Serves),
        ]));
        builder.Services.AddSingleton<MessageQueue>();
        builder.Services.AddSingleton<NoticeSender>();
        builder.Services.AddSingleton<AdministratorNotices>();
        builder.Services.AddSingleton(new WrappedRows("messages", MessageQueue.RewrapAsync));
        builder.Services.AddSingleton<MessageCarrier>();
        foreach (var channel in Enum.GetValues<MessageChannel>())
        {
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<MessageSender>(services, channel));
        }

        builder.Services.AddSingleton(
            Retention.Of(
                "Messages, without their content",
                "they were sent or dropped",
                TimeSpan.FromDays(7),
                (db, before) => db.Set<OutgoingMessage>().Where(m => m.EndedAt < before).OrderBy(m => m.EndedAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Addresses that no message reaches, hashed",
                "a provider said so",
                AddressFaults.Remembered,
                (db, before) => db.Set<AddressFault>().Where(f => f.At < before).OrderBy(f => f.At)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Links by which a notice is disputed, hashed",
                "they were sent",
                DisputeLink.Lifetime,
                (db, before) => db.Set<DisputeLink>().Where(l => l.SentAt < before).OrderBy(l => l.SentAt)
            )
        );
        return builder;
    }
}
